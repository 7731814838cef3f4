package chorale.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Topics.StatusKind;
import chorale.protocol.bus.MemoryBroker;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NearTopicsTest {
  private static boolean isHeard(String topic, String site) {
    return NearTopics.filters(site).stream()
        .anyMatch(filter -> MemoryBroker.matches(filter, topic));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Chorale/home/camera/gate/image",
        "CHORALE/HOME/CAMERA/gate/IMAGE",
        "chorale/Home/camera/gate/image",
        "chorale/HOME/camera/gate/image",
        "chorale/home/Camera/gate/image",
        "chorale/home/camera/gate/Image",
        "/chorale/home/camera/gate/image",
        "chorale/home/camera/gate/image/",
        "chorale/home/camera/front/door/image",
        "chorale/home/camera//gate/image",
        "chorale/home/gate/image",
        "chorale/camera/gate/image",
        "chorale/gate/image",
        "home/camera/gate/image",
        "chorale/home/camera/gate/image ",
        "chorale/home/cameras/gate/image",
        "chorale/home/camera/gate/images",
        "chorale/home/camera/gate/jpeg",
        "choral/home/camera/gate/image",
      })
  void filters_topicWithAHint_match(String topic) {
    assertTrue(TopicHints.ofPublished(topic, Set.of("home")).isPresent());
    assertTrue(isHeard(topic, "home"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"home", "Home", "HOME", "camera", "image", "1", "reply"})
  void filters_topicsOfTheProtocol_doNotMatch(String site) {
    Topics topics = new Topics(site);
    for (String name : List.of("gate", "image", "camera", "Image", "jpeg", site)) {
      List<String> right =
          new ArrayList<>(
              List.of(
                  topics.image(name),
                  topics.result(name),
                  topics.reply(name, "V1", "pi"),
                  topics.reply("gate", "V1", name),
                  topics.reply("gate", name, "image"),
                  topics.tensor(name, 2),
                  topics.cameraPrefix(name) + "availability",
                  topics.cameraPrefix(name) + "response",
                  topics.cameraPrefix(name) + "class"));
      for (Role role : Role.values()) {
        for (StatusKind kind : StatusKind.values()) {
          right.add(topics.status(role, name, kind));
        }
      }
      for (String topic : right) {
        assertEquals(false, isHeard(topic, site), topic);
      }
    }
    assertEquals(false, isHeard("chorale/another/camera/gate/image", site));
  }
}
