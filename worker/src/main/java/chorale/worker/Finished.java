package chorale.worker;

import chorale.protocol.ReplyError;
import chorale.worker.Job.Spent;
import java.util.Optional;

/**
 * The outcome of one job. Immutable.
 *
 * @param spent on the job by all workers so far
 */
record Finished(Job job, Spent spent, Outcome outcome) {

  /** How long it kept an engine here; 0 where none ran. */
  long workNanos() {
    return 1_000L * (spent.inferenceMicros() - job.before().inferenceMicros());
  }

  /** What came of it. */
  sealed interface Outcome {
    /** The engine ran. */
    record Computed(Engine.Output output) implements Outcome {}

    /**
     * The job is answered with an error.
     *
     * @param detail for people; may be empty
     * @param bug what the engine threw, where it should not have
     */
    record Failed(ReplyError error, String detail, Optional<RuntimeException> bug)
        implements Outcome {}
  }
}
