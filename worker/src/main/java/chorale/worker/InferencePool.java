package chorale.worker;

import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingDeque;

/**
 * A queue of jobs with the engines that work it off, on the owner's thread or on borrowed ones.
 * Owned by the worker's thread, which calls every method. A borrowed thread takes jobs, puts
 * outcomes and touches nothing else: these two queues are the only shared state.
 *
 * <p>A job that comes alone is computed on the owner's thread, which saves two thread switches.
 * Where jobs wait, up to {@code size} borrowed threads take one after the other until none is left,
 * and the owner stays free. Each has an engine of its own, opened where none is idle, and closed
 * one second after the last start: a closed engine gives back the memory that it took.
 */
final class InferencePool implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(InferencePool.class.getName());
  private static final long IDLE_NANOS = 1_000_000_000L;

  private final int size;
  private final Engine first;
  private final JobRunner runner;
  private final Executor threads;
  private final Runnable wake;

  private final LinkedBlockingDeque<Job> waiting = new LinkedBlockingDeque<>();
  private final ConcurrentLinkedQueue<Finished> finished = new ConcurrentLinkedQueue<>();

  /** Jobs that were added, and neither finished nor dropped. */
  private int unfinished;

  private final ArrayDeque<Engine> idle = new ArrayDeque<>();
  private final List<Run> runs = new ArrayList<>();
  private final List<CompletableFuture<Void>> closing = new ArrayList<>();
  private long startedNanos;

  /** An engine that works on a borrowed thread. */
  private record Run(Engine engine, CompletableFuture<Void> end) {}

  /**
   * @param size jobs in work at once, at least 1
   * @param first the worker's own engine; the caller closes it
   * @param threads runs each task at once, on a thread other than the owner's
   * @param wake called on such a thread when there is an outcome or a thread has ended
   */
  InferencePool(int size, Engine first, JobRunner runner, Executor threads, Runnable wake) {
    this.size = size;
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
   * @return the oldest, dropped because more than {@code limit} wait
   */
  Optional<Job> add(Job job, int limit) {
    waiting.addLast(job);
    unfinished++;
    Optional<Job> dropped =
        waiting.size() > limit ? Optional.ofNullable(waiting.pollFirst()) : Optional.empty();
    unfinished -= dropped.isPresent() ? 1 : 0;
    return dropped;
  }

  /** The outcome of a job that a borrowed thread has finished, if there is one. */
  Optional<Finished> poll() {
    Optional<Finished> outcome = Optional.ofNullable(finished.poll());
    unfinished -= outcome.isPresent() ? 1 : 0;
    return outcome;
  }

  /**
   * Computes one job here, where it is alone or {@code size} is 1; has others computed elsewhere.
   *
   * @return the outcome of what was computed here
   */
  Optional<Finished> work(long now) {
    List.copyOf(runs).stream().filter(run -> run.end().isDone()).forEach(this::end);
    boolean alone = waiting.size() == 1 && runs.isEmpty();
    if (alone || size == 1) {
      Optional<Job> job = Optional.ofNullable(waiting.pollFirst());
      unfinished -= job.isPresent() ? 1 : 0;
      return job.map(each -> runner.run(each, first));
    }
    while (runs.size() < size && !waiting.isEmpty()) {
      startedNanos = now;
      start();
    }
    return Optional.empty();
  }

  /** Whether {@link #work} has something to do at once. */
  boolean hasWork() {
    return !waiting.isEmpty() && runs.size() < size;
  }

  private void start() {
    Job job = waiting.pollFirst();
    if (job != null) {
      Engine engine = idle.isEmpty() ? first.another() : idle.pop();
      runs.add(new Run(engine, borrowThread(() -> runFrom(job, engine))));
    }
  }

  /** On a borrowed thread: this job and all that wait. */
  private void runFrom(Job job, Engine engine) {
    finished.add(runner.run(job, engine));
    for (Job next = waiting.pollFirst(); next != null; next = waiting.pollFirst()) {
      wake.run();
      finished.add(runner.run(next, engine));
    }
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

  /** On borrowed threads: it takes about as long as an inference. */
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
    waiting.clear();
    List.copyOf(runs).forEach(this::end);
    closeIdle();
    closing.forEach(CompletableFuture::join);
  }
}
