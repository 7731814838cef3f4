package chorale.aggregator;

import static chorale.aggregator.Rig.TOPICS;
import static chorale.aggregator.Rig.topk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.config.AggregatorSettings;
import chorale.protocol.Message;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A camera's class for automations, from results of one worker. */
final class SteadyClassesTest {
  private static final String TOPIC = TOPICS.steadyClass(Rig.CAMERA);
  private static final int CAT = 1;
  private static final int DOG = 3;

  private final Rig rig = new Rig(settings(2)).fleet(1);
  private int frames;

  /** A score below 0.4 is unsure: the rig's calibration halves it. */
  private static AggregatorSettings settings(int steady) {
    return Rig.unsure(.2, 0, steady, true);
  }

  private void answer(int index) {
    vote(rig, index, .9);
  }

  private void unsure() {
    vote(rig, CAT, .3);
  }

  private void noAnswer() {
    rig.frame("frame " + frames++);
    rig.after(1_000 * Rig.MILLI).turn();
  }

  private void vote(Rig on, int index, double probability) {
    on.reply(on.frame("frame " + frames++), 1, topk(index, probability));
    on.turn();
  }

  private List<String> published() {
    return published(rig);
  }

  private static List<String> published(Rig on) {
    return on.broker.published(TOPIC).stream().map(each -> each.payload().utf8()).toList();
  }

  @Test
  void hear_enoughEqualAnswers_publishesOnceRetainedAsText() {
    answer(CAT);
    assertEquals(List.of(), published());
    answer(CAT);
    answer(CAT);
    answer(CAT);

    assertEquals(List.of("cat"), published());
    Message message = rig.broker.published(TOPIC).get(0);
    assertTrue(message.retain());
    assertEquals("text/plain", message.properties().contentType().orElseThrow());
  }

  @Test
  void hear_flickering_keepsTheLastClass() {
    answer(CAT);
    answer(CAT);
    answer(DOG);
    answer(CAT);
    answer(DOG);
    answer(CAT);
    assertEquals(List.of("cat"), published());
    answer(DOG);
    answer(DOG);
    assertEquals(List.of("cat", "dog"), published());
  }

  @Test
  void hear_unsure_isASeparateValue() {
    answer(CAT);
    unsure();
    answer(CAT);
    assertEquals(List.of(), published(), "unsure ends the row, even with the same class");
    unsure();
    unsure();
    assertEquals(List.of("unsure"), published());
  }

  @Test
  void hear_noAnswer_neitherCountsNorEndsTheRow() {
    answer(CAT);
    noAnswer();
    noAnswer();
    assertEquals(List.of(), published());
    answer(CAT);
    assertEquals(List.of("cat"), published());
  }

  @Test
  void hear_repeatedResult_doesNotCount() {
    rig.reply(rig.frame("one", "retry"), 1, topk(CAT, .9));
    rig.turn();
    rig.frame("one", "retry");
    rig.turn();
    assertEquals(2, rig.results().size());
    assertEquals(List.of(), published());
  }

  @Test
  void hear_steadyIsOne_publishesEveryChange() {
    Rig eager = new Rig(settings(1)).fleet(1);
    vote(eager, CAT, .9);
    vote(eager, CAT, .9);
    vote(eager, DOG, .9);
    assertEquals(List.of("cat", "dog"), published(eager));
  }

  @Test
  void hear_off_publishesNothing() {
    Rig off = new Rig(settings(0)).fleet(1);
    vote(off, CAT, .9);
    vote(off, CAT, .9);
    assertEquals(List.of(), published(off));
    assertEquals(0, off.count("cameras"));
  }

  @Test
  void reconnect_brokerForgot_publishesTheClassAgain() {
    answer(CAT);
    answer(CAT);
    rig.broker.stop();
    rig.turn();
    rig.broker.start();
    rig.turn();
    assertEquals(List.of("cat", "cat"), published());
  }

  @Test
  void reconnect_nothingPublishedYet_publishesNothing() {
    answer(CAT);
    rig.broker.stop();
    rig.turn();
    rig.broker.start();
    rig.turn();
    assertEquals(List.of(), published());
  }

  @Test
  void hear_moreCamerasThanAreKept_forgetsTheLeastRecentOne() {
    Rig eager = new Rig(settings(1)).fleet(1);
    for (int camera = 0; camera < SteadyClasses.MAX_CAMERAS; camera++) {
      frameOf(eager, "camera" + camera);
    }
    frameOf(eager, "camera0"); // has a result again
    frameOf(eager, "another");
    assertEquals(SteadyClasses.MAX_CAMERAS, eager.count("cameras"));

    frameOf(eager, "camera0");
    frameOf(eager, "camera1");
    assertEquals(1, eager.broker.published(TOPICS.steadyClass("camera0")).size());
    assertEquals(
        List.of("cat", "", "cat"),
        eager.broker.published(TOPICS.steadyClass("camera1")).stream()
            .map(each -> each.payload().utf8())
            .toList(),
        "it was forgotten by the aggregator and the broker");
    assertTrue(eager.broker.published(TOPICS.result("camera1")).get(1).payload().isEmpty());
  }

  private void frameOf(Rig on, String camera) {
    on.frameAndReply(camera, "frame " + frames++, topk(CAT, .9));
    on.turn();
  }
}
