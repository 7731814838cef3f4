package chorale.worker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A bounded fair queue of jobs, with a lane for each camera. The next job is the oldest of the
 * camera whose jobs have used the least time, so that a camera with many or heavy frames gets only
 * the time that others leave. Where too many wait, the oldest of the camera that has the most
 * waiting is dropped. Safe for several threads: the worker's thread adds, all that compute take and
 * report. Nothing in here takes longer than a look at each lane.
 *
 * <p>This is start-time fair queueing (Goyal, Vin and Cheng, 1996), for costs that are known only
 * afterwards: a lane that was idle continues at the turn that was reached without it, so that
 * nobody saves up time; a job in work counts with what its camera's jobs cost lately.
 *
 * <p>A job is never interrupted. For cameras whose jobs are slow the queue therefore keeps one
 * engine free, if there are several engines and any other cameras.
 */
final class JobQueue {
  /** A job longer than this delays others by more than two thread switches would. */
  static final long SLOW_NANOS = 50_000_000L;

  static final long FORGET_NANOS = 10_000_000_000L;
  static final int MAX_LANES = 256;

  private final int limit;
  private final int engines;

  // Guarded by this.
  /** By camera; the one that was heard last comes last. */
  private final Map<String, Lane> lanes = new LinkedHashMap<>();

  private int waiting;

  /** What the camera served last had used: where those that were idle continue. */
  private long turnNanos;

  /** The jobs of one camera. */
  private static final class Lane {
    private final ArrayDeque<Job> jobs = new ArrayDeque<>();
    private int inWork;
    private long usedNanos;

    /** A peak that decays: light jobs between heavy ones do not hide them. */
    private long costNanos;

    private long heardNanos;

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
      }
    }
  }

  /**
   * @param limit jobs that may wait, at least 1
   * @param engines jobs in work at once, at least 1
   */
  JobQueue(int limit, int engines) {
    this.limit = limit;
    this.engines = engines;
  }

  /**
   * Adds a job to those of its camera.
   *
   * @return the jobs dropped because more wait than may
   */
  synchronized List<Job> add(Job job) {
    Lane lane = Optional.ofNullable(lanes.remove(job.camera())).orElseGet(Lane::new);
    lanes.put(job.camera(), lane);
    if (lane.isIdle()) {
      lane.usedNanos = Math.max(lane.usedNanos, turnNanos);
    }
    lane.jobs.addLast(job);
    lane.heardNanos = job.arrivedNanos();
    waiting++;
    forgetIdle(job.arrivedNanos());
    List<Job> dropped = new ArrayList<>(0);
    while (isOverfull()) {
      dropped.add(dropOldest());
    }
    return dropped;
  }

  /** What may wait is decided here alone, and who makes room in {@link #dropOldest}. */
  private boolean isOverfull() {
    return waiting > limit;
  }

  private Job dropOldest() {
    Lane fullest = null;
    for (Lane lane : lanes.values()) {
      int more = lane.jobs.size() - (fullest == null ? 0 : fullest.jobs.size());
      if (more > 0 || (more == 0 && fullest != null && isBefore(lane, fullest))) {
        fullest = lane;
      }
    }
    waiting--;
    return fullest.jobs.removeFirst();
  }

  /**
   * The next job, which is in work from here on: {@link #finished} must follow. Empty where none
   * waits, or where the last engine is kept free.
   */
  synchronized Optional<Job> take() {
    Optional<Lane> next = next();
    next.ifPresent(
        lane -> {
          turnNanos = Math.max(turnNanos, lane.usedNanos);
          lane.inWork++;
          waiting--;
        });
    return next.map(lane -> lane.jobs.removeFirst());
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
    lanes.values().forEach(lane -> lane.jobs.clear());
    waiting = 0;
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
