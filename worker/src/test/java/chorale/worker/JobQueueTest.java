package chorale.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Bytes;
import chorale.protocol.RequestKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A queue and engines in virtual time; the cost of a job depends on its camera. */
final class JobQueueTest {
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000 * MILLI;

  /** Close to overflow, so that the test fails unless times are compared by subtraction. */
  private static final long START = Long.MAX_VALUE - 2 * SECOND;

  private static Job job(String camera, long sinceStartNanos) {
    long arrivedNanos = START + sinceStartNanos;
    return new Job(
        new RequestKey(1, arrivedNanos),
        camera,
        1_000,
        2,
        Job.Spent.NOTHING,
        new Engine.Image(Bytes.EMPTY),
        arrivedNanos);
  }

  /** Returns a queue without an effective byte limit. */
  private static JobQueue queue(int engines) {
    return new JobQueue(1 << 20, engines, MILLI);
  }

  /** Adds a job that has just arrived; returns the jobs refused. */
  private static List<Job> add(JobQueue queue, Job job) {
    return queue.add(job, job.arrivedNanos()).stream().map(JobQueue.Refusal::job).toList();
  }

  /** Takes and finishes jobs until none waits. */
  private static List<String> order(JobQueue queue, long nanos) {
    List<String> order = new ArrayList<>();
    for (Optional<Job> next = queue.take(); next.isPresent(); next = queue.take()) {
      order.add(next.get().camera());
      queue.finished(next.get(), nanos);
    }
    return order;
  }

  @Test
  void take_camerasWithEqualCosts_inTurns() {
    JobQueue queue = queue(1);
    for (String camera : List.of("a", "a", "a", "b", "b", "c")) {
      add(queue, job(camera, 0));
    }

    assertEquals(List.of("a", "b", "c", "a", "b", "a"), order(queue, MILLI));
  }

  @Test
  void take_oneCamera_inTheOrderOfArrival() {
    JobQueue queue = queue(1);
    List<Job> jobs = List.of(job("a", 0), job("a", 5 * SECOND), job("a", 0));
    jobs.forEach(each -> add(queue, each));

    assertEquals(jobs, List.of(queue.take().get(), queue.take().get(), queue.take().get()));
    assertEquals(Optional.empty(), queue.take());
  }

  @Test
  void take_cameraThatWasIdle_hasNoCredit() {
    JobQueue queue = queue(1);
    add(queue, job("b", 0));
    order(queue, MILLI);
    for (int i = 0; i < 20; i++) {
      add(queue, job("a", i));
      order(queue, 10 * MILLI);
    }
    for (int i = 0; i < 4; i++) {
      add(queue, job("a", SECOND));
      add(queue, job("b", SECOND));
    }

    assertEquals(List.of("b", "a", "b", "a", "b", "a", "b", "a"), order(queue, 10 * MILLI));
  }

  private static Job sized(String camera, long sinceStartNanos, int bytes) {
    Job job = job(camera, sinceStartNanos);
    return new Job(
        job.key(),
        camera,
        job.budgetMillis(),
        job.k(),
        job.before(),
        new Engine.Image(Bytes.wrap(new byte[bytes])),
        job.arrivedNanos());
  }

  @Test
  void add_moreBytesThanAllowed_refusesTheNewestOfTheCameraWithMost() {
    JobQueue queue = new JobQueue(10_000, 1, MILLI);
    add(queue, sized("flood", 0, 3_000));
    add(queue, sized("flood", 1, 3_000));
    assertEquals(List.of(sized("flood", 2, 3_000)), add(queue, sized("flood", 2, 3_000)));

    assertEquals(List.of(sized("flood", 1, 3_000)), add(queue, sized("good", 3, 4_000)));
    assertEquals(List.of("flood", "good"), order(queue, MILLI));
    assertEquals(List.of(), add(queue, sized("one", 4, 20_000)), "one job is always accepted");
  }

  @Test
  void add_burstWithinTheBudget_isAccepted() {
    JobQueue queue = queue(1);
    add(queue, job("a", 0));
    queue.finished(queue.take().get(), 8 * MILLI);
    for (int i = 0; i < 100; i++) {
      assertEquals(List.of(), add(queue, job("a", 0)), "after " + i);
    }
    for (int i = 0; i < 20; i++) {
      add(queue, job("a", 0));
    }

    assertEquals(109, queue.waiting(), "875 ms, plus a reserve of 125 ms");
  }

  @Test
  void add_oneFrameOfEachCamera_acceptsAsManyAsTheBudgetAllows() {
    JobQueue queue = new JobQueue(1 << 20, 2, 10 * MILLI);
    int refused = 0;
    for (int i = 0; i < 2_000; i++) {
      refused += add(queue, job("camera" + i, i)).size();
    }

    assertEquals(2_000 - 176, refused, "a job of 10 ms on two engines, in 875 ms");
  }

  @Test
  void add_floodOfAnotherCamera_neverRefusesTheNormalCamera() {
    JobQueue queue = queue(1);
    add(queue, job("flood", 0));
    queue.finished(queue.take().get(), 10 * MILLI);
    for (int i = 0; i < 5_000; i++) {
      add(queue, job("flood", 0));
    }

    assertEquals(List.of(), add(queue, job("good", 0)));
    assertEquals("good", queue.take().get().camera());
  }

  @Test
  void add_camerasJobsTookTooLong_itsOnlyJobIsStillTried() {
    JobQueue queue = queue(1);
    add(queue, job("heavy", 0));
    Job first = queue.take().get();
    queue.finished(first, 3 * SECOND);

    assertEquals(List.of(), add(queue, job("heavy", 1)));
    assertEquals(1, add(queue, job("heavy", 2)).size());
  }

  @Test
  void add_manyCameras_areForgotten() {
    JobQueue queue = queue(2);
    add(queue, job("slow", 0));
    queue.finished(queue.take().get(), SECOND);
    for (int i = 0; i < JobQueue.MAX_LANES; i++) {
      assertTrue(queue.isSlow("slow"), "with other cameras: " + i);
      add(queue, job("camera" + i, 0));
      order(queue, MILLI);
    }

    assertFalse(queue.isSlow("slow"));
  }

  @Test
  void add_tenSecondsLater_isANewCamera() {
    JobQueue queue = queue(2);
    add(queue, job("slow", 0));
    queue.finished(queue.take().get(), SECOND);
    add(queue, job("other", JobQueue.FORGET_NANOS - 1));
    assertTrue(queue.isSlow("slow"));
    add(queue, job("other", JobQueue.FORGET_NANOS));

    assertFalse(queue.isSlow("slow"));
  }

  @Test
  void take_otherCamerasAreFast_slowOnesLeaveOneEngineFree() {
    JobQueue queue = queue(2);
    for (String slow : List.of("slow", "slower")) {
      add(queue, job(slow, 0));
      queue.finished(queue.take().get(), SECOND);
    }
    add(queue, job("slow", 0));
    add(queue, job("slower", 0));
    Job alone = queue.take().get();
    assertTrue(queue.hasNext(), "there are only slow cameras");
    add(queue, job("fast", 0));

    assertEquals("fast", queue.take().get().camera());
    assertFalse(queue.hasNext());
    assertEquals(Optional.empty(), queue.take());
    queue.finished(alone, SECOND);
    assertTrue(queue.take().isPresent());
  }

  @Test
  void finished_cheapJobsBetweenExpensiveOnes_doNotHideThem() {
    JobQueue queue = queue(1);
    for (int i = 0; i < 10; i++) {
      add(queue, job("a", i));
      queue.finished(queue.take().get(), i == 0 ? SECOND : i % 2 * MILLI);
    }

    assertTrue(queue.isSlow("a"));
  }

  // ---- cameras at their rates

  private record Camera(String name, long everyNanos, long costNanos) {}

  /** The response times of a camera's jobs, and its total time on engines. */
  private static final class Outcome {
    private final List<Long> waitedNanos = new ArrayList<>();
    private int dropped;
    private long usedNanos;
    private long longestNanos;
  }

  private record InWork(Job job, long endNanos) {}

  /** The event loop of a worker, without threads. */
  private static Map<String, Outcome> simulate(int engines, long seconds, List<Camera> cameras) {
    JobQueue queue = queue(engines);
    Map<String, Camera> byName = new HashMap<>();
    Map<String, Outcome> outcomes = new HashMap<>();
    List<Job> arrivals = new ArrayList<>();
    for (Camera camera : cameras) {
      byName.put(camera.name(), camera);
      outcomes.put(camera.name(), new Outcome());
      for (long at = camera.everyNanos() / 3; at < seconds * SECOND; at += camera.everyNanos()) {
        arrivals.add(job(camera.name(), at));
      }
    }
    arrivals.sort(Comparator.comparingLong(each -> each.arrivedNanos() - START));
    PriorityQueue<InWork> inWork =
        new PriorityQueue<>(Comparator.comparingLong(each -> each.endNanos() - START));
    int next = 0;
    while (next < arrivals.size() || !inWork.isEmpty()) {
      long now;
      boolean ends =
          !inWork.isEmpty()
              && (next == arrivals.size()
                  || inWork.peek().endNanos() - arrivals.get(next).arrivedNanos() <= 0);
      if (ends) {
        InWork done = inWork.poll();
        now = done.endNanos();
        Outcome outcome = outcomes.get(done.job().camera());
        outcome.waitedNanos.add(now - done.job().arrivedNanos());
        outcome.longestNanos = Math.max(outcome.longestNanos, now - done.job().arrivedNanos());
        long cost = byName.get(done.job().camera()).costNanos();
        outcome.usedNanos += cost;
        queue.finished(done.job(), cost);
      } else {
        Job job = arrivals.get(next++);
        now = job.arrivedNanos();
        add(queue, job).forEach(refused -> outcomes.get(refused.camera()).dropped++);
      }
      while (inWork.size() < engines && queue.hasNext()) {
        Job job = queue.take().get();
        if (job.leftNanos(now) < 0) {
          outcomes.get(job.camera()).dropped++;
          queue.finished(job, 0);
          continue;
        }
        inWork.add(new InWork(job, now + byName.get(job.camera()).costNanos()));
      }
    }
    return outcomes;
  }

  @ParameterizedTest
  @ValueSource(ints = {700, 900})
  void take_oneEngineAndExpensiveFlood_answersTheOtherInTime(int heavyMillis) {
    Map<String, Outcome> outcomes =
        simulate(
            1,
            60,
            List.of(
                new Camera("good", SECOND / 2, 20 * MILLI),
                new Camera("heavy", SECOND / 20, heavyMillis * MILLI)));

    Outcome good = outcomes.get("good");
    assertEquals(0, good.dropped);
    assertEquals(120, good.waitedNanos.size());
    assertTrue(
        good.longestNanos <= (heavyMillis + 2 * 20) * MILLI, "it waits for one expensive job");
    assertTrue(outcomes.get("heavy").usedNanos > 50 * SECOND, "the flood gets the rest");
    assertTrue(outcomes.get("heavy").dropped > 1_000);
  }

  @ParameterizedTest
  @CsvSource({"2, 1", "4, 1", "2, 3", "4, 3"})
  void take_severalEngines_othersDoNotWaitForExpensiveJobs(int engines, int floods) {
    List<Camera> cameras = new ArrayList<>();
    cameras.add(new Camera("good", SECOND / 2, 20 * MILLI));
    for (int i = 0; i < floods; i++) {
      cameras.add(new Camera("heavy" + i, SECOND / 20, 1_500 * MILLI));
    }
    Outcome good = simulate(engines, 60, cameras).get("good");

    // Only the first expensive jobs have unknown costs; two rounds of them take 3 s.
    assertTrue(good.dropped <= 4, () -> "dropped " + good.dropped);
    List<Long> later = good.waitedNanos.subList(6, good.waitedNanos.size());
    assertTrue(later.stream().allMatch(nanos -> nanos <= 40 * MILLI), later::toString);
  }

  @Test
  void take_onlySlowCameras_useEveryEngine() {
    Map<String, Outcome> outcomes =
        simulate(
            2,
            60,
            List.of(
                new Camera("a", SECOND / 20, 500 * MILLI),
                new Camera("b", SECOND / 20, 500 * MILLI)));

    assertTrue(outcomes.get("a").usedNanos + outcomes.get("b").usedNanos > 115 * SECOND);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void add_floodOfCheapFrames_isServedInTimeAtFullRate(int engines) {
    Map<String, Outcome> outcomes =
        simulate(
            engines,
            60,
            List.of(
                new Camera("good", SECOND / 2, 10 * MILLI),
                new Camera("flood", SECOND / 400 / engines, 10 * MILLI)));

    Outcome good = outcomes.get("good");
    assertEquals(0, good.dropped);
    assertTrue(good.longestNanos <= 31 * MILLI, () -> "waited " + good.longestNanos);
    Outcome flood = outcomes.get("flood");
    assertTrue(flood.usedNanos > engines * 58L * SECOND, () -> "used " + flood.usedNanos);
    assertTrue(flood.longestNanos <= SECOND, () -> "waited " + flood.longestNanos);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void take_floodsOfDifferentCosts_getEqualTime(int engines) {
    Map<String, Outcome> outcomes =
        simulate(
            engines,
            60,
            List.of(
                new Camera("light", SECOND / 500, 4 * MILLI),
                new Camera("medium", SECOND / 100, 40 * MILLI),
                new Camera("heavier", SECOND / 100, 48 * MILLI)));

    for (Outcome each : outcomes.values()) {
      long fair = engines * 20L * SECOND;
      assertTrue(Math.abs(each.usedNanos - fair) < fair / 10, () -> each.usedNanos + " of " + fair);
    }
  }
}
