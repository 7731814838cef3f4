package chorale.worker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A fair queue of jobs with one lane per camera, with limits on waiting time and bytes. The next
 * job is the oldest one of the camera that has used the least inference time. A camera with many or
 * expensive frames thus gets only the time that the others leave. Thread-safe: the worker's thread
 * adds jobs; the computing threads take them and report their cost.
 *
 * <p>The algorithm is start-time fair queueing (Goyal, Vin and Cheng, 1996), for costs that are
 * known only afterwards. A lane that was idle continues at the current virtual time, so that idle
 * cameras do not accumulate credit. A running job is charged with the recent peak cost of its
 * camera's jobs.
 *
 * <p>A job is refused if the jobs before it, at their cameras' average cost, would leave too little
 * of its budget. Later jobs of other cameras can still delay it until it expires. If the byte limit
 * is exceeded, the newest job of the camera with the most bytes is refused.
 *
 * <p>Running jobs are never interrupted. If there are several engines and not all cameras are slow,
 * the queue therefore keeps one engine free of slow jobs.
 */
final class JobQueue {
  /**
   * Peak job cost above which a camera is slow: its jobs run on borrowed threads and may not occupy
   * the last free engine.
   */
  static final long SLOW_NANOS = 50_000_000L;

  static final long FORGET_NANOS = 10_000_000_000L;
  static final int MAX_LANES = 256;

  /** Memory of a waiting job besides its input. */
  private static final int JOB_BYTES = 512;

  /**
   * The fraction of a budget, 1/8, reserved for sending the reply and for estimates that are too
   * low.
   */
  private static final int RESERVE = 8;

  private final long maxBytes;
  private final int engines;

  // Guarded by this.
  /** Lanes by camera, in the order of their latest jobs. */
  private final Map<String, Lane> lanes = new LinkedHashMap<>();

  private int waiting;
  private long bytes;

  /**
   * Approximate median cost of a job: the estimate for a camera until one of its jobs is finished.
   */
  private long typicalNanos;

  /** Virtual time: the used time of the camera served last. Idle lanes continue here. */
  private long turnNanos;

  /** The jobs of one camera. */
  private static final class Lane {
    private final ArrayDeque<Job> jobs = new ArrayDeque<>();
    private long bytes;
    private int inWork;
    private long usedNanos;

    /** Moving average of the cost of the lane's jobs; an estimate until one is finished. */
    private long meanNanos;

    private boolean measured;

    /** Decaying peak of the cost, so that cheap jobs do not hide expensive ones. */
    private long costNanos;

    private long heardNanos;

    Lane(long meanNanos) {
      this.meanNanos = meanNanos;
    }

    boolean isIdle() {
      return jobs.isEmpty() && inWork == 0;
    }

    boolean isSlow() {
      return costNanos > SLOW_NANOS;
    }

    /** Returns the used time, with an estimate for the running jobs. */
    long likelyNanos() {
      return usedNanos + inWork * costNanos;
    }

    void charge(long nanos) {
      inWork--;
      if (nanos > 0) { // otherwise it was not computed
        usedNanos += nanos;
        costNanos = Math.max(nanos, costNanos - costNanos / 8);
        meanNanos = measured ? meanNanos + (nanos - meanNanos) / 8 : nanos;
        measured = true;
      }
    }

    /**
     * Returns how much of the lane's work runs before a job with this virtual start. A job's
     * virtual start is its lane's used time when the job starts.
     */
    long workBefore(long virtualStart) {
      long ahead = virtualStart - likelyNanos();
      return jobs.isEmpty() || ahead < 0
          ? 0
          : Math.min(jobs.size(), ahead / Math.max(1, meanNanos) + 1) * meanNanos;
    }
  }

  /** A refused job and the reason, for people. */
  record Refusal(Job job, String detail) {}

  /**
   * @param maxBytes maximum size of the waiting jobs, at least 1
   * @param engines maximum number of jobs that run at the same time, at least 1
   * @param firstNanos estimated cost of a job until one is finished
   */
  JobQueue(long maxBytes, int engines, long firstNanos) {
    this.maxBytes = maxBytes;
    this.engines = engines;
    this.typicalNanos = firstNanos;
  }

  /**
   * Adds a job to its camera's lane.
   *
   * @return the refused jobs: this one if its wait would be too long; if the byte limit is
   *     exceeded, the newest jobs of the camera with the most bytes
   */
  synchronized List<Refusal> add(Job job, long nowNanos) {
    Lane lane =
        Optional.ofNullable(lanes.remove(job.camera())).orElseGet(() -> new Lane(typicalNanos));
    lanes.put(job.camera(), lane);
    if (lane.isIdle()) {
      lane.usedNanos = Math.max(lane.usedNanos, turnNanos);
    }
    lane.heardNanos = job.arrivedNanos();
    List<Refusal> refused = new ArrayList<>(0);
    long needed = nanosUntilDone(lane);
    if (needed > 0 && needed > job.leftNanos(nowNanos) - job.budgetNanos() / RESERVE) {
      String detail = "the worker's backlog of %d ms is too long for the budget of %d ms";
      long millis = needed / 1_000_000;
      refused.add(new Refusal(job, detail.formatted(millis, job.budgetMillis())));
    } else {
      lane.jobs.addLast(job);
      waiting++;
      account(lane, job, 1);
    }
    while (bytes > maxBytes && waiting > 1) {
      refused.add(
          new Refusal(refuseNewest(), "more than %d bytes wait at the worker".formatted(maxBytes)));
    }
    forgetIdle(job.arrivedNanos());
    return refused;
  }

  /**
   * Returns the time until a job added now would be done. The job's own cost counts as 0 if its
   * lane is idle: otherwise a camera with a high estimate would never get another measurement.
   */
  private long nanosUntilDone(Lane lane) {
    long virtualStart = lane.likelyNanos() + lane.jobs.size() * lane.meanNanos;
    boolean keptFree = engines > 1 && !lane.isSlow();
    int slow = 0;
    long before = 0;
    for (Lane each : lanes.values()) {
      if (keptFree && each.isSlow()) {
        slow += each.inWork + each.jobs.size();
      } else {
        before += each.workBefore(virtualStart);
      }
    }
    int free = engines - Math.min(slow, engines - 1);
    return before / free + (lane.isIdle() ? 0 : lane.meanNanos);
  }

  private Job refuseNewest() {
    Lane fullest = null;
    for (Lane lane : lanes.values()) {
      if (fullest == null || lane.bytes > fullest.bytes) {
        fullest = lane;
      }
    }
    Job newest = fullest.jobs.removeLast();
    waiting--;
    account(fullest, newest, -1);
    return newest;
  }

  private void account(Lane lane, Job job, int sign) {
    long change = sign * ((long) job.input().bytes() + JOB_BYTES);
    lane.bytes += change;
    bytes += change;
  }

  /**
   * Takes the next job, which now counts as running: call {@link #finished} afterwards. Returns
   * empty if no job waits, or if only slow jobs wait and the last engine is kept free.
   */
  synchronized Optional<Job> take() {
    Optional<Lane> next = next();
    if (next.isEmpty()) {
      return Optional.empty();
    }
    Lane lane = next.get();
    turnNanos = Math.max(turnNanos, lane.usedNanos);
    lane.inWork++;
    waiting--;
    Job job = lane.jobs.removeFirst();
    account(lane, job, -1);
    return Optional.of(job);
  }

  /** Returns whether {@link #take} would return a job. */
  synchronized boolean hasNext() {
    return next().isPresent();
  }

  /** Returns the lane with the least used time; on a tie, the one with the oldest job. */
  private Optional<Lane> next() {
    boolean onlyFast = keepsOneFree();
    Lane first = null;
    for (Lane lane : lanes.values()) {
      if (!lane.jobs.isEmpty() && !(onlyFast && lane.isSlow())) {
        long later = first == null ? -1 : lane.likelyNanos() - first.likelyNanos();
        if (later < 0 || (later == 0 && isBefore(lane, first))) {
          first = lane;
        }
      }
    }
    return Optional.ofNullable(first);
  }

  private boolean keepsOneFree() {
    int slow = 0;
    boolean anyFast = false;
    for (Lane lane : lanes.values()) {
      slow += lane.isSlow() ? lane.inWork : 0;
      anyFast |= !lane.isSlow();
    }
    return engines > 1 && anyFast && slow >= engines - 1;
  }

  private static boolean isBefore(Lane lane, Lane other) {
    return lane.jobs.getFirst().arrivedNanos() - other.jobs.getFirst().arrivedNanos() < 0;
  }

  /**
   * Records that a taken job is done.
   *
   * @param nanos time for which it occupied an engine; 0 if none ran
   */
  synchronized void finished(Job job, long nanos) {
    lanes.get(job.camera()).charge(nanos);
    if (nanos > 0) {
      typicalNanos += (nanos > typicalNanos ? 1 : -1) * (typicalNanos / 8 + 1);
    }
  }

  /** Returns whether the camera's jobs are slow. */
  synchronized boolean isSlow(String camera) {
    Lane lane = lanes.get(camera);
    return lane != null && lane.isSlow();
  }

  synchronized int waiting() {
    return waiting;
  }

  /** Drops all waiting jobs. */
  synchronized void clear() {
    for (Lane lane : lanes.values()) {
      lane.jobs.clear();
      lane.bytes = 0;
    }
    waiting = 0;
    bytes = 0;
  }

  /** Removes cameras 10 s after their last job, or earlier if there are too many. */
  private void forgetIdle(long nowNanos) {
    for (Iterator<Lane> each = lanes.values().iterator(); each.hasNext(); ) {
      Lane lane = each.next();
      if (lanes.size() <= MAX_LANES && nowNanos - lane.heardNanos < FORGET_NANOS) {
        return; // the remaining lanes are more recent
      }
      if (lane.isIdle()) {
        each.remove();
      }
    }
  }
}
