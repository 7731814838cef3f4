package chorale.worker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A fair queue of jobs, with a lane for each camera, bounded by the time that the jobs still have
 * and by their bytes. The next job is the oldest of the camera whose jobs have used the least time,
 * so that a camera with many or heavy frames gets only the time that others leave. Safe for several
 * threads: the worker's thread adds, all that compute take and report. Nothing in here takes longer
 * than a look at each lane.
 *
 * <p>This is start-time fair queueing (Goyal, Vin and Cheng, 1996), for costs that are known only
 * afterwards: a lane that was idle continues at the turn that was reached without it, so that
 * nobody saves up time; a job in work counts with what its camera's jobs cost lately.
 *
 * <p>A job is refused if the jobs that have their turn before it would, at their cameras' average
 * cost, leave too little of its budget. Jobs of other cameras that come later can still delay it;
 * it expires then. Where the bytes are too many, the newest job of the camera with the most bytes
 * is refused.
 *
 * <p>A job is never interrupted. For cameras whose jobs are slow the queue therefore keeps one
 * engine free, if there are several engines and any other cameras.
 */
final class JobQueue {
  /** A job longer than this delays others by more than two thread switches would. */
  static final long SLOW_NANOS = 50_000_000L;

  static final long FORGET_NANOS = 10_000_000_000L;
  static final int MAX_LANES = 256;

  /** What a waiting job takes besides its input. */
  private static final int JOB_BYTES = 512;

  /** The share of a budget that is left for the way back and for estimates that were too low. */
  private static final int RESERVE = 8;

  private final long maxBytes;
  private final int engines;

  // Guarded by this.
  /** By camera; the one that was heard last comes last. */
  private final Map<String, Lane> lanes = new LinkedHashMap<>();

  private int waiting;
  private long bytes;

  /** About the median cost of a job: what a camera's jobs are taken for until one is finished. */
  private long typicalNanos;

  /** What the camera served last had used: where those that were idle continue. */
  private long turnNanos;

  /** The jobs of one camera. */
  private static final class Lane {
    private final ArrayDeque<Job> jobs = new ArrayDeque<>();
    private long bytes;
    private int inWork;
    private long usedNanos;

    /** A moving average of what its jobs cost, a guess until one is finished. */
    private long meanNanos;

    private boolean measured;

    /** A peak that decays: light jobs between heavy ones do not hide them. */
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

    /** The time used, that of jobs in work estimated. */
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
     * How much of its work has its turn before a job with this virtual start: jobs start when their
     * lane has used what they have.
     */
    long workBefore(long virtualStart) {
      long ahead = virtualStart - likelyNanos();
      return jobs.isEmpty() || ahead < 0
          ? 0
          : Math.min(jobs.size(), ahead / Math.max(1, meanNanos) + 1) * meanNanos;
    }
  }

  /** A job that is not taken, and why, for people. */
  record Refusal(Job job, String detail) {}

  /**
   * @param maxBytes that may wait, at least 1
   * @param engines jobs in work at once, at least 1
   * @param firstNanos what a job is taken for before any is finished
   */
  JobQueue(long maxBytes, int engines, long firstNanos) {
    this.maxBytes = maxBytes;
    this.engines = engines;
    this.typicalNanos = firstNanos;
  }

  /**
   * Adds a job to those of its camera.
   *
   * @return the jobs refused: this one, or others because of their bytes
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
      String detail = "%d ms of work wait here, too much for its budget of %d ms";
      long millis = needed / 1_000_000;
      refused.add(new Refusal(job, detail.formatted(millis, job.budgetMillis())));
    } else {
      lane.jobs.addLast(job);
      waiting++;
      account(lane, job, 1);
    }
    while (bytes > maxBytes && waiting > 1) {
      refused.add(new Refusal(refuseNewest(), "more than %d bytes wait here".formatted(maxBytes)));
    }
    forgetIdle(job.arrivedNanos());
    return refused;
  }

  /**
   * When a job that is added now would be done. A lane's only job counts nothing for itself: what
   * is never tried can never turn out to be quicker.
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
   * The next job, which is in work from here on: {@link #finished} must follow. Empty where none
   * waits, or where the last engine is kept free.
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

  /** Whether {@link #take} would return a job. */
  synchronized boolean hasNext() {
    return next().isPresent();
  }

  /** The lane that has used the least time; of several the one with the oldest job. */
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
   * A job that was taken is done.
   *
   * @param nanos that it kept an engine; 0 where it was not computed
   */
  synchronized void finished(Job job, long nanos) {
    lanes.get(job.camera()).charge(nanos);
    if (nanos > 0) {
      typicalNanos += (nanos > typicalNanos ? 1 : -1) * (typicalNanos / 8 + 1);
    }
  }

  /** Whether a job of this camera is likely to take long. */
  synchronized boolean isSlow(String camera) {
    Lane lane = lanes.get(camera);
    return lane != null && lane.isSlow();
  }

  synchronized int waiting() {
    return waiting;
  }

  /** Drops all that wait. */
  synchronized void clear() {
    for (Lane lane : lanes.values()) {
      lane.jobs.clear();
      lane.bytes = 0;
    }
    waiting = 0;
    bytes = 0;
  }

  /** A camera is forgotten ten seconds after its last job, or earlier where there are too many. */
  private void forgetIdle(long nowNanos) {
    for (Iterator<Lane> each = lanes.values().iterator(); each.hasNext(); ) {
      Lane lane = each.next();
      if (lanes.size() <= MAX_LANES && nowNanos - lane.heardNanos < FORGET_NANOS) {
        return; // the others were heard later
      }
      if (lane.isIdle()) {
        each.remove();
      }
    }
  }
}
