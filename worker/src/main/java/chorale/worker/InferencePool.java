package chorale.worker;

import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

/**
 * A job queue with the engines that process it, on the owner's thread or on borrowed threads. The
 * worker's thread owns the pool and calls every method. Borrowed threads only take jobs and add
 * outcomes: these two queues are the only shared state.
 *
 * <p>The owner's thread runs a job itself if no borrowed thread runs, the camera's jobs are short,
 * and either no other job waits or {@code size} is 1. This saves two thread switches. Otherwise up
 * to {@code size} borrowed threads process jobs until the queue is empty, and the owner stays free.
 * Each borrowed thread has its own engine. Extra engines are opened on demand. Idle ones are closed
 * 1 s after a borrowed thread last started, which releases their memory.
 *
 * <p>Cameras with slow jobs always use a borrowed thread. The owner then keeps draining its inbox,
 * and the {@link JobQueue} limits a camera that floods the worker. The inbox itself does not
 * distinguish cameras.
 */
final class InferencePool implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(InferencePool.class.getName());
  private static final long IDLE_NANOS = 1_000_000_000L;

  private final int size;
  private final Engine first;
  private final JobRunner runner;
  private final Executor threads;
  private final Runnable wake;

  private final JobQueue jobs;
  private final ConcurrentLinkedQueue<Finished> finished = new ConcurrentLinkedQueue<>();

  /** Jobs that wait or run, and finished ones that have not been polled. */
  private int unfinished;

  private final ArrayDeque<Engine> idle = new ArrayDeque<>();
  private final List<Run> runs = new ArrayList<>();
  private final List<CompletableFuture<Void>> closing = new ArrayList<>();
  private long startedNanos;

  /** An engine in use on a borrowed thread. */
  private record Run(Engine engine, CompletableFuture<Void> end) {}

  /**
   * Limits of a pool.
   *
   * @param queueBytes maximum size of the waiting jobs, at least 1
   * @param size maximum number of jobs that run at the same time, at least 1
   */
  record Capacity(long queueBytes, int size) {}

  /**
   * @param first the worker's main engine; the caller closes it
   * @param threads runs each task at once, on a thread other than the owner's
   * @param wake called on a borrowed thread when an outcome is ready or the thread has ended
   */
  InferencePool(
      Capacity capacity, Engine first, JobRunner runner, Executor threads, Runnable wake) {
    this.size = capacity.size();
    double firstMillis = runner.board().factor() * first.selfBenchmarkMillis();
    this.jobs = new JobQueue(capacity.queueBytes(), size, (long) (firstMillis * 1e6));
    this.first = first;
    this.runner = runner;
    this.threads = threads;
    this.wake = wake;
    idle.push(first);
  }

  /** Returns the number of jobs that wait or run. */
  int unfinished() {
    return unfinished;
  }

  /**
   * Adds a job to the queue.
   *
   * @return the refused jobs: other jobs, or this one
   */
  List<JobQueue.Refusal> add(Job job, long now) {
    List<JobQueue.Refusal> refused = jobs.add(job, now);
    unfinished += 1 - refused.size();
    return refused;
  }

  /** Returns the outcome of a job that a borrowed thread has finished, if there is one. */
  Optional<Finished> poll() {
    Optional<Finished> outcome = Optional.ofNullable(finished.poll());
    unfinished -= outcome.isPresent() ? 1 : 0;
    return outcome;
  }

  /**
   * Runs one job on this thread if no borrowed thread runs, the camera's jobs are short, and either
   * no other job waits or {@code size} is 1. Otherwise starts borrowed threads.
   *
   * @return the outcome of the job that ran on this thread
   */
  Optional<Finished> work(long now) {
    List.copyOf(runs).stream().filter(run -> run.end().isDone()).forEach(this::end);
    while (runs.size() < size) {
      Optional<Job> next = jobs.take();
      if (next.isEmpty()) {
        return Optional.empty();
      }
      if (isForOwner(next.get())) {
        unfinished--;
        return Optional.of(run(next.get(), first));
      }
      startedNanos = now;
      start(next.get());
    }
    return Optional.empty();
  }

  private boolean isForOwner(Job job) {
    return runs.isEmpty() && (size == 1 || jobs.waiting() == 0) && !jobs.isSlow(job.camera());
  }

  /** Returns whether {@link #work} can start a job now. */
  boolean hasWork() {
    return runs.size() < size && jobs.hasNext();
  }

  private void start(Job job) {
    Engine engine = idle.isEmpty() ? first.another() : idle.pop();
    runs.add(new Run(engine, borrowThread(() -> runFrom(job, engine))));
  }

  /** Runs this job and all following ones; called on a borrowed thread. */
  private void runFrom(Job job, Engine engine) {
    finished.add(run(job, engine));
    for (Optional<Job> next = jobs.take(); next.isPresent(); next = jobs.take()) {
      wake.run();
      finished.add(run(next.get(), engine));
    }
  }

  /** Runs one job; called on any thread. */
  private Finished run(Job job, Engine engine) {
    Finished done = runner.run(job, engine);
    jobs.finished(job, done.workNanos());
    return done;
  }

  private CompletableFuture<Void> borrowThread(Runnable task) {
    CompletableFuture<Void> end = new CompletableFuture<>();
    threads.execute(
        () -> {
          try {
            task.run();
            end.complete(null);
          } catch (RuntimeException | Error e) {
            end.completeExceptionally(e); // the owner's join throws it again
          }
          wake.run();
        });
    return end;
  }

  private void end(Run run) {
    runs.remove(run);
    run.end().join();
    idle.push(run.engine());
  }

  /**
   * Closes idle engines 1 s after the last start, without waiting for it.
   *
   * @return nanoseconds until engines are due to be closed; {@code Long.MAX_VALUE} if none is idle
   */
  long closeIdle(long now) {
    closing.removeIf(CompletableFuture::isDone);
    long left = IDLE_NANOS - (now - startedNanos);
    if (left > 0 && idle.stream().anyMatch(engine -> engine != first)) {
      return left;
    }
    closeIdle();
    return Long.MAX_VALUE;
  }

  /** Closes idle engines on borrowed threads, because closing takes about as long as a job. */
  private void closeIdle() {
    for (Engine engine : idle) {
      if (engine != first) {
        closing.add(borrowThread(() -> close(engine)));
      }
    }
    idle.removeIf(engine -> engine != first);
  }

  private static void close(Engine engine) {
    try {
      engine.close();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "Cannot close an engine", e);
    }
  }

  /**
   * Drops the waiting jobs, waits for the running ones, and closes all engines except the first.
   * Outcomes can still be polled.
   */
  @Override
  public void close() {
    jobs.clear();
    List.copyOf(runs).forEach(this::end);
    closeIdle();
    closing.forEach(CompletableFuture::join);
  }
}
