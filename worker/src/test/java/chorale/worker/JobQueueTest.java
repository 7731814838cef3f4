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

/** A queue and engines on virtual time, whose jobs take as long as their camera's do. */
final class JobQueueTest {
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000 * MILLI;

  /** So that times are compared by subtraction, or the test fails. */
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

  private static List<String> cameras(List<Job> jobs) {
    return jobs.stream().map(Job::camera).toList();
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
    JobQueue queue = new JobQueue(8, 1);
    for (String camera : List.of("a", "a", "a", "b", "b", "c")) {
      queue.add(job(camera, 0));
    }

    assertEquals(List.of("a", "b", "c", "a", "b", "a"), order(queue, MILLI));
  }

  @Test
  void take_oneCamera_inTheOrderOfArrival() {
    JobQueue queue = new JobQueue(8, 1);
    List<Job> jobs = List.of(job("a", 0), job("a", 5 * SECOND), job("a", 0));
    jobs.forEach(queue::add);

    assertEquals(jobs, List.of(queue.take().get(), queue.take().get(), queue.take().get()));
    assertEquals(Optional.empty(), queue.take());
  }

  @Test
  void take_cameraThatWasIdle_savesUpNoTime() {
    JobQueue queue = new JobQueue(8, 1);
    queue.add(job("b", 0));
    order(queue, MILLI);
    for (int i = 0; i < 20; i++) {
      queue.add(job("a", i));
      order(queue, 10 * MILLI);
    }
    for (int i = 0; i < 4; i++) {
      queue.add(job("a", SECOND));
      queue.add(job("b", SECOND));
    }

    assertEquals(List.of("b", "a", "b", "a", "b", "a", "b", "a"), order(queue, 10 * MILLI));
  }

  @Test
  void add_moreThanTheLimit_dropsTheOldestOfTheCameraWithMost() {
    JobQueue queue = new JobQueue(4, 1);
    queue.add(job("good", 0));
    for (int i = 1; i <= 3; i++) {
      queue.add(job("flood", i));
    }

    assertEquals(List.of(job("flood", 1)), queue.add(job("flood", 4)));
    assertEquals(List.of(job("flood", 2)), queue.add(job("good", 5)));
    assertEquals(List.of("good", "flood", "flood", "good"), order(queue, MILLI));
  }

  @Test
  void add_oneOfEach_dropsTheOldestOfAll() {
    JobQueue queue = new JobQueue(2, 1);
    queue.add(job("a", 5 * SECOND));
    queue.add(job("b", 0));

    assertEquals(List.of("b"), cameras(queue.add(job("c", 6 * SECOND))));
  }

  @Test
  void add_manyCameras_areForgotten() {
    JobQueue queue = new JobQueue(8, 2);
    queue.add(job("slow", 0));
    queue.finished(queue.take().get(), SECOND);
    for (int i = 0; i < JobQueue.MAX_LANES; i++) {
      assertTrue(queue.isSlow("slow"), "with others: " + i);
      queue.add(job("camera" + i, 0));
      order(queue, MILLI);
    }

    assertFalse(queue.isSlow("slow"));
  }

  @Test
  void add_tenSecondsLater_isANewCamera() {
    JobQueue queue = new JobQueue(8, 2);
    queue.add(job("slow", 0));
    queue.finished(queue.take().get(), SECOND);
    queue.add(job("other", JobQueue.FORGET_NANOS - 1));
    assertTrue(queue.isSlow("slow"));
    queue.add(job("other", JobQueue.FORGET_NANOS));

    assertFalse(queue.isSlow("slow"));
  }

  @Test
  void take_otherCamerasAreFast_slowOnesLeaveOneEngineFree() {
    JobQueue queue = new JobQueue(8, 2);
    for (String slow : List.of("slow", "slower")) {
      queue.add(job(slow, 0));
      queue.finished(queue.take().get(), SECOND);
    }
    queue.add(job("slow", 0));
    queue.add(job("slower", 0));
    Job alone = queue.take().get();
    assertTrue(queue.hasNext(), "there are slow cameras only");
    queue.add(job("fast", 0));

    assertEquals("fast", queue.take().get().camera());
    assertFalse(queue.hasNext());
    assertEquals(Optional.empty(), queue.take());
    queue.finished(alone, SECOND);
    assertTrue(queue.take().isPresent());
  }

  @Test
  void finished_lightJobsBetweenHeavyOnes_doNotHideThem() {
    JobQueue queue = new JobQueue(20, 1);
    for (int i = 0; i < 10; i++) {
      queue.add(job("a", i));
      queue.finished(queue.take().get(), i == 0 ? SECOND : i % 2 * MILLI);
    }

    assertTrue(queue.isSlow("a"));
  }

  // ---- cameras at their rates

  private record Camera(String name, long everyNanos, long costNanos) {}

  /** When jobs were answered after their arrival, and for how long their camera had an engine. */
  private static final class Outcome {
    private final List<Long> waitedNanos = new ArrayList<>();
    private int dropped;
    private long usedNanos;
    private long longestNanos;
  }

  private record InWork(Job job, long endNanos) {}

  /** The event loop of a worker with a queue of 8, without its threads. */
  private static Map<String, Outcome> simulate(int engines, long seconds, List<Camera> cameras) {
    JobQueue queue = new JobQueue(8, engines);
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
        queue.add(job).forEach(dropped -> outcomes.get(dropped.camera()).dropped++);
      }
      while (inWork.size() < engines && queue.hasNext()) {
        Job job = queue.take().get();
        inWork.add(new InWork(job, now + byName.get(job.camera()).costNanos()));
      }
    }
    return outcomes;
  }

  @ParameterizedTest
  @ValueSource(ints = {700, 900})
  void take_oneEngineAndHeavyFlood_answersTheOtherInTime(int heavyMillis) {
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
    assertTrue(good.longestNanos <= (heavyMillis + 2 * 20) * MILLI, "waits for one heavy job");
    assertTrue(outcomes.get("heavy").usedNanos > 50 * SECOND, "the rest is the flood's");
    assertTrue(outcomes.get("heavy").dropped > 1_000);
  }

  @ParameterizedTest
  @CsvSource({"2, 1", "4, 1", "2, 3", "4, 3"})
  void take_severalEngines_othersDoNotWaitForHeavyOnes(int engines, int floods) {
    List<Camera> cameras = new ArrayList<>();
    cameras.add(new Camera("good", SECOND / 2, 20 * MILLI));
    for (int i = 0; i < floods; i++) {
      cameras.add(new Camera("heavy" + i, SECOND / 20, 1_500 * MILLI));
    }
    Outcome good = simulate(engines, 60, cameras).get("good");

    // Only the first jobs of the heavy ones are not known to be so.
    assertTrue(good.dropped <= 2);
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
