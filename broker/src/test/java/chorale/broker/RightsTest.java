package chorale.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.config.BrokerSettings.User;
import chorale.config.BrokerSettings.UserRole;
import chorale.protocol.NearTopics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RightsTest {
  @ParameterizedTest
  @CsvSource({
    "a/b, a/b, true",
    "a/b, a/c, false",
    "a/b, a, false",
    "a/b, a/b/c, false",
    "a/+, a/b, true",
    "a/+, a/+, true",
    "a/+, a/#, false",
    "a/+, a/, true",
    "a/#, a/b/c, true",
    "a/#, a/+/c, true",
    "a/#, a/#, true",
    "a/#, a, true",
    "#, #, true",
    "#, a, true",
    "a/b, +/b, false",
    "a/+/c, a/#, false",
  })
  void covers_filterAndTopic_isTrueWhereNothingEscapes(String wide, String narrow, boolean covers) {
    assertEquals(covers, Rights.covers(wide, narrow));
  }

  @Test
  void of_camera_isItsOwnImagesAndAvailability() {
    Rights rights = Rights.of(new User("gate", "g", UserRole.CAMERA));
    assertTrue(rights.mayPublish("chorale/home/camera/gate/image"));
    assertTrue(rights.mayPublish("chorale/home/camera/gate/availability"));
    assertFalse(rights.mayPublish("chorale/home/camera/gate/result"));
    assertFalse(rights.mayPublish("chorale/home/camera/door/image"));
    assertFalse(rights.mayPublish("chorale/home/camera/gate/class"));
    assertTrue(rights.maySubscribe("chorale/home/camera/gate/result"));
    assertTrue(rights.maySubscribe("chorale/home/camera/gate/class"));
    assertFalse(rights.maySubscribe("chorale/home/camera/door/class"));
    assertTrue(rights.maySubscribe("chorale/home/worker/+/info"));
    assertFalse(rights.maySubscribe("chorale/home/camera/+/result"));
    assertFalse(rights.maySubscribe("chorale/#"));
  }

  @Test
  void of_service_hearsWhatIsNearlyRight() {
    Rights rights = Rights.of(new User("pi", "p", UserRole.SERVICE));
    for (String filter : NearTopics.filters("home")) {
      assertTrue(rights.maySubscribe(filter), filter);
    }
    assertFalse(rights.maySubscribe("#"));
    assertFalse(rights.maySubscribe("home/#"));
    assertFalse(rights.mayPublish("home/camera/gate/image"));
  }

  @Test
  void of_dashboard_publishesNothing() {
    Rights rights = Rights.of(new User("wall", "w", UserRole.DASHBOARD));
    assertFalse(rights.mayPublish("chorale/home/camera/wall/image"));
    assertFalse(rights.mayPublish("chorale/home/camera/wall/class"));
    assertTrue(rights.maySubscribe("chorale/+/camera/+/result"));
    assertTrue(rights.maySubscribe("chorale/+/camera/+/class"));
    assertFalse(rights.maySubscribe("chorale/home/camera/+/image"));
  }
}
