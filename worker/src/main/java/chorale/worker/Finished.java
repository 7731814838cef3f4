package chorale.worker;

import chorale.protocol.ReplyError;
import chorale.worker.Job.Spent;
import java.util.Optional;

/**
 * The outcome of one job. Immutable.
 *
 * @param spent total time that all workers have spent on the job
 */
record Finished(Job job, Spent spent, Outcome outcome) {

  /** Returns how long the job occupied an engine of this worker; 0 if none ran. */
  long workNanos() {
    return 1_000L * (spent.inferenceMicros() - job.before().inferenceMicros());
  }

  sealed interface Outcome {
    /** The output of an engine. */
    record Computed(Engine.Output output) implements Outcome {}

    /**
     * An error, to be sent as the reply.
     *
     * @param detail for people; may be empty
     * @param bug an unexpected exception of the engine, if that was the cause
     */
    record Failed(ReplyError error, String detail, Optional<RuntimeException> bug)
        implements Outcome {}
  }
}
