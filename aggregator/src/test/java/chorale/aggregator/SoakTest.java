package chorale.aggregator;

import static chorale.aggregator.Rig.CAMERA;
import static chorale.aggregator.Rig.MILLI;
import static chorale.aggregator.Rig.TOPICS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Bytes;
import chorale.protocol.Message;
import chorale.protocol.MessageProperties;
import chorale.protocol.ReplyError;
import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * 10,000 requests with all kinds of faults: late, early, duplicate, lost, failed and foreign
 * replies, last wills, retries, broker restarts. Each request must get exactly one decision, the
 * counters must balance, and memory must stay bounded. The seed is in each message; set another
 * with {@code -Dchorale.seed=N}.
 */
final class SoakTest {
  private static final int REQUESTS = 10_000;
  private static final int OPEN = 40;
  private static final List<ReplyError> ERRORS = List.of(ReplyError.values());

  private final long seed = Long.getLong("chorale.seed", 4711L);
  private final Random random = new Random(seed);
  private final Rig rig = new Rig(Rig.settings("main", 0, true, OPEN)).fleet(5);

  /** Events in transit, by their time of arrival. */
  private final TreeMap<Long, Runnable> future = new TreeMap<>();

  private long elapsed;

  @Test
  void soak_tenThousandRequests_oneDecisionEach() {
    for (int number = 1; number <= 5; number++) {
      rig.info("V" + number, replica(number)); // offline: its votes count but are not waited for
    }
    Set<RequestKey> asked = new HashSet<>();
    for (int i = 0; i < REQUESTS; i++) {
      boolean retried = random.nextInt(20) == 0;
      String content = "image " + i;
      String id = "id-" + i;
      asked.add(Rig.key(content, id));
      at(i * 10L * MILLI, () -> rig.frame(content, id));
      if (retried) {
        at((i * 10L + random.nextInt(300)) * MILLI, () -> rig.frame(content, id));
      }
      replies(i * 10L, Rig.key(content, id));
      if (random.nextInt(200) == 0) {
        disturb(i * 10L * MILLI);
      }
    }
    while (!future.isEmpty()) {
      long next = future.firstKey();
      rig.after(next - elapsed);
      elapsed = next;
      future.remove(next).run();
      if (random.nextInt(3) > 0) {
        rig.turn();
        assertBounded();
      }
    }
    rig.after(60_000 * MILLI).turn();
    rig.after(60_000 * MILLI).turn();
    assertDecisions(asked);
    assertBalanced();
  }

  private void at(long when, Runnable what) {
    long free = Math.max(0, when);
    while (future.containsKey(free)) {
      free++;
    }
    future.put(free, what);
  }

  /** Schedules replies: most in time, some early, late, duplicate or lost. */
  private void replies(long frameMillis, RequestKey key) {
    for (int number = 1; number <= 5; number++) {
      if (random.nextInt(12) == 0) {
        continue;
      }
      int worker = number;
      long when = (frameMillis - 5 + random.nextInt(random.nextInt(8) == 0 ? 200 : 60)) * MILLI;
      var outcome =
          random.nextInt(15) == 0
              ? Rig.error(ERRORS.get(random.nextInt(ERRORS.size())))
              : Rig.topk(random.nextInt(3), 0.5 + random.nextDouble() / 2, 4, 0.1);
      at(when, () -> rig.reply(key, worker, outcome));
      switch (random.nextInt(30)) {
        case 0 -> at(when + random.nextInt(90) * MILLI, () -> rig.reply(key, worker, outcome));
        case 1 ->
            at(when, () -> rig.reply(key, Rig.author("V" + worker, replica(worker)), outcome));
        case 2 -> at(when, () -> rig.reply(Rig.key("nobody's " + when), worker, outcome));
        case 3 ->
            at(
                when,
                () ->
                    rig.broker.publish(
                        Message.of(TOPICS.reply(CAMERA, "V1", "board1"), Bytes.utf8("?"))));
        case 4 ->
            at(
                when,
                () ->
                    rig.reply(
                        key,
                        Rig.author("V" + worker, Rig.worker(worker), 16, 4096, Rig.CLASSES),
                        outcome));
        default -> {}
      }
    }
  }

  private static String replica(int number) {
    return "replica" + number;
  }

  private void disturb(long when) {
    int number = 1 + random.nextInt(5);
    switch (random.nextInt(4)) {
      case 0 -> {
        at(when, () -> rig.availability(Rig.worker(number), false));
        at(when + 900 * MILLI, () -> rig.availability(Rig.worker(number), true));
      }
      case 1 -> {
        at(when, () -> rig.broker.cut("chorale-aggregator-main"));
        at(when + 1, () -> rig.broker.restore("chorale-aggregator-main"));
      }
      case 2 -> at(when, () -> rig.frame("", MessageProperties.NONE));
      default ->
          at(
              when,
              () ->
                  rig.frame(
                      "bad " + when,
                      MessageProperties.NONE
                          .withCorrelation(Optional.of(Bytes.utf8("bad")))
                          .withUser("k", "0")));
    }
  }

  private void assertBounded() {
    Map<String, Long> now = rig.aggregator.counters();
    assertTrue(now.get("open_windows") <= OPEN, "seed " + seed);
    assertTrue(now.get("waiting_replies") <= EarlyReplies.MAX, "seed " + seed);
    assertTrue(now.get("remembered") <= Rig.SETTINGS.remembered(), "seed " + seed);
    assertTrue(now.get("roster") <= 10, "seed " + seed);
  }

  private void assertDecisions(Set<RequestKey> asked) {
    Map<RequestKey, Integer> decided = new HashMap<>();
    for (Result result : rig.results()) {
      if (!result.repeated() && result.decidedBy() != Result.DecidedBy.REQUEST) {
        decided.merge(result.requestId(), 1, Integer::sum);
      }
    }
    assertEquals(asked, decided.keySet(), "seed " + seed);
    decided.forEach((key, times) -> assertEquals(1, times, "seed " + seed + ", request " + key));
    assertTrue(rig.count("frames_joined") > 0 && rig.count("frames_repeated") > 0);
  }

  private void assertBalanced() {
    String where = "seed " + seed + ": " + rig.aggregator.counters();
    long opened = rig.count("frames_opened");
    assertEquals(REQUESTS, opened, where);
    assertEquals(0, rig.count("open_windows"), where);
    assertEquals(0, rig.count("waiting_replies"), where);
    assertEquals(
        rig.count("received"),
        sum(
            "malformed",
            "foreign",
            "unsigned",
            "forged",
            "replayed",
            "checked",
            "excluded",
            "unasked",
            "late",
            "duplicate",
            "redundant",
            "failed",
            "accepted",
            "unknown"),
        where);
    assertEquals(
        rig.count("frames"),
        sum(
            "frames_opened",
            "frames_joined",
            "frames_repeated",
            "frames_bad",
            "frames_retained",
            "frames_empty",
            "frames_invalid_name",
            "frames_other"),
        where);
    assertEquals(
        opened,
        sum(
            "decided_all",
            "decided_bound",
            "decided_quorum",
            "decided_deadline",
            "decided_overload"),
        where);
    assertEquals(
        opened + rig.count("frames_bad"), sum("answered", "partial", "unsure", "no_answer"), where);
    for (String seen :
        new String[] {
          "malformed",
          "foreign",
          "late",
          "duplicate",
          "redundant",
          "failed",
          "unknown",
          "decided_all",
          "decided_bound",
          "decided_deadline",
          "frames_bad",
          "frames_empty"
        }) {
      assertTrue(rig.count(seen) > 0, seen + " never happened, " + where);
    }
  }

  private long sum(String... counters) {
    long sum = 0;
    for (String counter : counters) {
      sum += rig.count(counter);
    }
    return sum;
  }
}
