package chorale.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicHintsTest {
  private static final Set<String> HOME = Set.of("home");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "Chorale/home/camera/gate/image|gate|upper and lower case differ",
        "CHORALE/HOME/CAMERA/gate/IMAGE|gate|upper and lower case differ",
        "chorale/Home/camera/gate/image|gate|upper and lower case differ",
        "chorale/home/Camera/gate/image|gate|upper and lower case differ",
        "chorale/home/camera/gate/Image|gate|upper and lower case differ",
        "/chorale/home/camera/gate/image|gate|it begins with a slash",
        "chorale/home/camera/gate/image/|gate|it ends with a slash",
        "chorale/home/camera/front/door/image|front-door|a camera's name is one level, without a slash",
        "chorale/home/camera//gate/image|gate|a camera's name is one level, without a slash",
        "chorale/home/gate/image|gate|a level is missing",
        "chorale/camera/gate/image|gate|a level is missing",
        "chorale/gate/image|gate|a level is missing",
        "home/camera/gate/image|gate|a level is missing",
        "chorale/home/camera/front door/image|front-door|a name is 1 to 64 of A-Z a-z 0-9 . _ -",
        "chorale/home/camera/Küche/image|Kueche|a name is 1 to 64 of A-Z a-z 0-9 . _ -",
        "chorale/home/camera/fenêtre/image|fenetre|a name is 1 to 64 of A-Z a-z 0-9 . _ -",
        "chorale/home/camera/ gate/image|gate|a name is 1 to 64 of A-Z a-z 0-9 . _ -",
        "chorale/home/camera/gate/image |gate|a level is misspelled",
        "chorale/home/cameras/gate/image|gate|a level is misspelled",
        "chorale/home/camera/gate/images|gate|a level is misspelled",
        "chorale/home/camera/gate/jpeg|gate|a level is misspelled",
        "chorale/home/camera/gate/imgae|gate|",
        "chorale/home/camera/gate/imag|gate|a level is misspelled",
        "choral/home/camera/gate/image|gate|a level is misspelled",
        "corale/home/camera/gate/image|gate|a level is misspelled",
      })
  void ofPublished_misspelled_hasTheCorrectTopicAndTheReason(
      String topic, String camera, String reason) {
    Optional<TopicHints.Hint> expected =
        reason == null
            ? Optional.empty()
            : Optional.of(new TopicHints.Hint("chorale/home/camera/" + camera + "/image", reason));
    assertEquals(expected, TopicHints.ofPublished(topic, HOME));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "chorale/home/camera/gate/image",
        "chorale/home/camera/gate/result",
        "chorale/home/camera/gate/reply/V1/pi-V1",
        "chorale/home/worker/pi-V1/info",
        "chorale/barn/camera/gate/image",
        "chorale/home/camera/gate/battery",
        "zigbee2mqtt/gate/image",
        "frigate/front/snapshot",
        "image",
        "chorale/image",
        "chorale",
        "",
        "/",
        "home/gate/image",
        "homeassistant/camera/gate/image",
        "choral/sheet/music",
      })
  void ofPublished_validOrUnrelated_hasNoHint(String topic) {
    assertEquals(Optional.empty(), TopicHints.ofPublished(topic, HOME));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "chorale/Home/camera/gate/result | upper and lower case differ",
        "chorale/home/gate/result | a level is missing",
        "chorale/home/camera/gate/results | a level is misspelled",
        "/chorale/home/camera/gate/result | it begins with a slash",
        "chorale/home/camera/gate/result |",
        "chorale/home/camera/+/result |",
        "chorale/Home/# |",
        "chorale/home/camera/gate/own |",
        "zigbee2mqtt/gate/result |",
      })
  void ofSubscribed_topicForResults_isJudged(String filter, String reason) {
    assertEquals(
        Optional.ofNullable(reason)
            .map(why -> new TopicHints.Hint("chorale/home/camera/gate/result", why)),
        TopicHints.ofSubscribed(filter, HOME));
  }

  @Test
  void ofPublished_sitesUnknown_judgesTheForm() {
    assertEquals(
        Optional.of(
            new TopicHints.Hint("chorale/barn/camera/gate/image", "upper and lower case differ")),
        TopicHints.ofPublished("Chorale/barn/camera/gate/image", List.of()));
    assertEquals(
        Optional.empty(), TopicHints.ofPublished("chorale/gate/image", List.of()), "unknown site");
    assertEquals(
        Optional.empty(), TopicHints.ofPublished("chorale/Home/camera/gate/image", List.of()));
  }

  @Test
  void ofPublished_severalSites_takesTheMatchingSite() {
    assertEquals(
        Optional.of("chorale/barn/camera/gate/image"),
        TopicHints.ofPublished("chorale/Barn/camera/gate/image", List.of("home", "barn"))
            .map(TopicHints.Hint::topic));
    assertEquals(
        Optional.empty(),
        TopicHints.ofPublished("chorale/gate/image", List.of("home", "barn")),
        "ambiguous");
  }

  @Test
  void ofPublished_nameTooLong_isCut() {
    String name = "g".repeat(70);
    assertEquals(
        Optional.of("chorale/home/camera/" + "g".repeat(64) + "/image"),
        TopicHints.ofPublished("chorale/home/camera/" + name + "/image", HOME)
            .map(TopicHints.Hint::topic));
  }

  @Test
  void ofPublished_noValidCharactersInName_hasNoHint() {
    assertEquals(Optional.empty(), TopicHints.ofPublished("chorale/home/camera/???/image", HOME));
    assertEquals(Optional.empty(), TopicHints.ofPublished("chorale/home/camera/image", HOME));
  }

  @Test
  void ofPublished_randomTopic_doesNotThrow() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<String> parts =
        List.of(
            "chorale", "Chorale", "home", "HOME", "camera", "image", "", " ", "ü", "?", "\0",
            "a.b");
    for (int i = 0; i < 20_000; i++) {
      StringBuilder topic = new StringBuilder();
      for (int level = random.nextInt(8); level >= 0; level--) {
        topic.append(parts.get(random.nextInt(parts.size()))).append(level > 0 ? "/" : "");
      }
      Set<String> sites = random.nextBoolean() ? HOME : Set.of();
      var unused = TopicHints.ofSubscribed(topic.toString(), sites);
      TopicHints.ofPublished(topic.toString(), sites)
          .ifPresent(
              hint ->
                  assertEquals(
                      Optional.empty(),
                      TopicHints.ofPublished(hint.topic(), sites),
                      () -> "'" + topic + "', seed " + seed));
    }
  }
}
