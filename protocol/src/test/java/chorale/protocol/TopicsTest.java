package chorale.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chorale.protocol.Topics.StatusKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicsTest {
  private final Topics topics = new Topics("home");

  @Test
  void image_camera_isTheDocumentedTopic() {
    assertEquals("chorale/home/camera/gate/image", topics.image("gate"));
    assertEquals("chorale/home/camera/gate/reply/V1/pi-1", topics.reply("gate", "V1", "pi-1"));
    assertEquals("chorale/home/camera/gate/result", topics.result("gate"));
    assertEquals("chorale/home/camera/gate/class", topics.steadyClass("gate"));
    assertEquals("chorale/home/camera/gate/tensor/2", topics.tensor("gate", 2));
    assertEquals(
        "chorale/home/worker/pi-1/availability",
        topics.status(Role.WORKER, "pi-1", StatusKind.AVAILABILITY));
  }

  @Test
  void parse_everyTopicItBuilds_givesItsParts() {
    assertEquals(new Address.Image("gate"), topics.parse(topics.image("gate")));
    assertEquals(
        new Address.Reply("gate", "V1", "pi-1"), topics.parse(topics.reply("gate", "V1", "pi-1")));
    assertEquals(new Address.Tensor("gate", 16), topics.parse(topics.tensor("gate", 16)));
    assertEquals(new Address.Result("gate"), topics.parse(topics.result("gate")));
    assertEquals(new Address.SteadyClass("gate"), topics.parse(topics.steadyClass("gate")));
    assertEquals(
        new Address.Status(Role.AGGREGATOR, "a", StatusKind.HEALTH),
        topics.parse(topics.status(Role.AGGREGATOR, "a", StatusKind.HEALTH)));
    assertEquals(new Address.Trust("pi-1"), topics.parse(topics.trust("pi-1")));
    assertEquals(new Address.Check("a"), topics.parse(topics.check("a")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "chorale",
        "chorale/other/camera/gate/image",
        "chorale/home/camera/gate/image/more",
        "chorale/home/camera/gate/reply/V1",
        "chorale/home/camera/gate/tensor",
        "chorale/home/camera/gate/tensor/1",
        "chorale/home/camera/gate/tensor/02",
        "chorale/home/camera/gate/tensor/17",
        "chorale/home/camera/gate/tensor/+2",
        "chorale/home/camera/gate",
        "chorale/homes/camera/gate/image",
        "choral/home/camera/gate/image",
        "chorale/home/person/pi/info",
        "chorale/home/worker/pi/info/x",
        "chorale/home/aggregator/a/trust",
        "chorale/home/worker/pi/check"
      })
  void parse_otherTopic_isOther(String topic) {
    assertEquals(new Address.Other(), topics.parse(topic));
  }

  @ParameterizedTest
  @CsvSource({
    "chorale/home/camera//image,IMAGE",
    "chorale/home/camera/ga te/image,IMAGE",
    "chorale/home/camera/ga te/result,RESULT",
    "chorale/home/camera/ga te/class,STEADY_CLASS",
    "chorale/home/camera/ga te/tensor/2,TENSOR",
    "chorale/home/camera/gate/reply/V+/pi,REPLY",
    "chorale/home/camera/gate/reply/V1/,REPLY",
    "chorale/home/camera/gate/reply/V1/pi/1,REPLY",
    "chorale/home/worker/p i/info,STATUS"
  })
  void parse_nameThatIsNotValid_keepsTheForm(String topic, Address.Form form) {
    assertEquals(new Address.InvalidName(form), topics.parse(topic));
  }

  @Test
  void image_nameWithSeparator_isRefusedByName() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> topics.image("a/b"));
    assertEquals(
        "camera: 'a/b' is not a valid name (allowed: 1 to 64 of A-Z a-z 0-9 . _ -)",
        e.getMessage());
  }

  @Test
  void isValid_lengthAtTheLimit_isTheLast() {
    assertEquals(true, Names.isValid("x".repeat(64)));
    assertEquals(false, Names.isValid("x".repeat(65)));
    assertEquals(false, Names.isValid(""));
  }
}
