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
 * A queue of jobs with the engines that work it off, on the owner's thread or on borrowed ones.
 * Owned by the worker's thread, which calls every method. A borrowed thread takes jobs, puts
 * outcomes and touches nothing else: these two queues are the only shared state.
 *
 * <p>A job that comes alone is computed on the owner's thread, which saves two thread switches; so
 * is every job where {@code size} is 1. Where jobs wait, up to {@code size} borrowed threads take
 * one after the other until none is left, and the owner stays free. Each has an engine of its own,
 * opened where none is idle, and closed one second after the last start: a closed engine gives back
 * the memory that it took.
 *
 * <p>Jobs of a camera whose jobs are slow are always computed on a borrowed thread. The owner then
 * drains its inbox meanwhile, so that a camera that floods it is stopped by the {@link JobQueue},
 * which knows cameras, and not by the inbox, which does not.
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

  /** Jobs that were added, and neither finished nor refused. */
  private int unfinished;

  private final ArrayDeque<Engine> idle = new ArrayDeque<>();
  private final List<Run> runs = new ArrayList<>();
  private final List<CompletableFuture<Void>> closing = new ArrayList<>();
  private long startedNanos;

  /** An engine that works on a borrowed thread. */
  private record Run(Engine engine, CompletableFuture<Void> end) {}

  /**
   * How much a pool takes.
   *
   * @param queueBytes that may wait, at least 1
   * @param size jobs in work at once, at least 1
   */
  record Capacity(long queueBytes, int size) {}

  /**
   * @param first the worker's own engine; the caller closes it
   * @param threads runs each task at once, on a thread other than the owner's
   * @param wake called on such a thread when there is an outcome or a thread has ended
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

  /** Jobs that wait or are in work. */
  int unfinished() {
    return unfinished;
  }

  /**
   * Adds a job to those that wait.
   *
   * @return the jobs refused instead of it, or this one itself
   */
  List<JobQueue.Refusal> add(Job job, long now) {
    List<JobQueue.Refusal> refused = jobs.add(job, now);
    unfinished += 1 - refused.size();
    return refused;
  }

  /** The outcome of a job that a borrowed thread has finished, if there is one. */
  Optional<Finished> poll() {
    Optional<Finished> outcome = Optional.ofNullable(finished.poll());
    unfinished -= outcome.isPresent() ? 1 : 0;
    return outcome;
  }

  /**
   * Computes one job here, where it is short and alone or {@code size} is 1; has others computed
   * elsewhere.
   *
   * @return the outcome of what was computed here
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

  /** Whether {@link #work} has something to do at once. */
  boolean hasWork() {
    return runs.size() < size && jobs.hasNext();
  }

  private void start(Job job) {
    Engine engine = idle.isEmpty() ? first.another() : idle.pop();
    runs.add(new Run(engine, borrowThread(() -> runFrom(job, engine))));
  }

  /** On a borrowed thread: this job and all that follow. */
  private void runFrom(Job job, Engine engine) {
    finished.add(run(job, engine));
    for (Optional<Job> next = jobs.take(); next.isPresent(); next = jobs.take()) {
      wake.run();
      finished.add(run(next.get(), engine));
    }
  }

  /** On any thread. */
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
   * Closes idle engines one second after the last start. Does not wait.
   *
   * @return nanoseconds until that is due, {@code Long.MAX_VALUE} where no engine is idle
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

  /** On borrowed threads: it takes about as long as a job. */
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
      LOG.log(Level.WARNING, "An engine was not closed", e);
    }
  }

  /**
   * Drops what waits, and returns once what is in work is finished and all engines but the first
   * are closed. Outcomes can still be polled.
   */
  @Override
  public void close() {
    jobs.clear();
    List.copyOf(runs).forEach(this::end);
    closeIdle();
    closing.forEach(CompletableFuture::join);
  }
}
