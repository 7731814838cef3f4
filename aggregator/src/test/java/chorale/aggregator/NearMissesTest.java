package chorale.aggregator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Bytes;
import chorale.protocol.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The warnings about topics that closely resemble the site's, on any broker. */
final class NearMissesTest {
  private static final Bytes IMAGE = Bytes.utf8("image");

  private final Logger logger = Logger.getLogger(NearMisses.class.getName());
  private final List<String> lines = new ArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord entry) {
          lines.add(new SimpleFormatter().formatMessage(entry));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void capture() {
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
  }

  @AfterEach
  void release() {
    logger.removeHandler(handler);
    logger.setUseParentHandlers(true);
  }

  private static Rig rigAfter(String... topics) {
    Rig rig = new Rig();
    for (String topic : topics) {
      rig.broker.publish(Message.of(topic, IMAGE));
    }
    rig.turn();
    return rig;
  }

  @Test
  void nearMiss_manyFrames_oneLineWithTheRightTopic() {
    Rig rig =
        rigAfter(
            "/chorale/home/camera/gate/image",
            "/chorale/home/camera/gate/image",
            "chorale/Home/camera/gate/image",
            "chorale/home/camera/front/door/image");
    assertEquals(
        List.of(
            "topic '/chorale/home/camera/gate/image': images on it get no answer; it begins"
                + " with a slash, the topic for images is 'chorale/home/camera/gate/image'",
            "topic 'chorale/Home/camera/gate/image': images on it get no answer; upper and lower"
                + " case differ, the topic for images is 'chorale/home/camera/gate/image'",
            "topic 'chorale/home/camera/front/door/image': images on it get no answer; a camera's"
                + " name is one level, without a slash, the topic for images is"
                + " 'chorale/home/camera/front-door/image'"),
        lines);
    assertEquals(4, rig.count("topics_nearly_right"));
    assertEquals(0, rig.count("frames"));
  }

  @Test
  void invalidName_ofACamera_isNamedWithTheRightTopic() {
    rigAfter(
        "chorale/home/camera/K\u00fcche links/image",
        "chorale/home/camera/K\u00fcche links/image",
        "chorale/home/camera/???/image");
    assertEquals(
        List.of(
            "topic 'chorale/home/camera/K?che links/image': a name in it is not valid (allowed: 1"
                + " to 64 of A-Z a-z 0-9 . _ -); ignored; the topic for images is"
                + " 'chorale/home/camera/Kueche-links/image'",
            "topic 'chorale/home/camera/???/image': a name in it is not valid (allowed: 1 to 64 of"
                + " A-Z a-z 0-9 . _ -); ignored"),
        lines);
  }

  @Test
  void nearMisses_aboveTheLimit_areOnlyCounted() {
    String[] topics = new String[NearMisses.MAX_WARNED + 20];
    for (int i = 0; i < topics.length; i++) {
      topics[i] = "/chorale/home/camera/gate" + i + "/image";
    }
    Rig rig = rigAfter(topics);
    assertEquals(NearMisses.MAX_WARNED, lines.size());
    assertEquals(topics.length, rig.count("topics_nearly_right"));
  }

  @Test
  void topicsOfOthers_areIgnored() {
    Rig rig = rigAfter("choral/sheet/music", "Chorale/concert", "zigbee2mqtt/gate/image");
    assertTrue(lines.isEmpty(), lines::toString);
    assertEquals(0, rig.count("topics_nearly_right"));
  }
}
