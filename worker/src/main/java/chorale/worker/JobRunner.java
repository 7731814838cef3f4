package chorale.worker;

import chorale.imaging.ImageRejectedException;
import chorale.protocol.ReplyError;
import chorale.protocol.Ticker;
import chorale.worker.Finished.Outcome;
import java.lang.System.Logger.Level;
import java.util.Optional;

/**
 * A runner of single jobs: it checks the job's age, runs an engine and measures the time.
 * Immutable; thread-safe if each thread passes its own engine. The caller owns the engine.
 *
 * @param board the board to emulate
 */
record JobRunner(BoardEmulation board, Ticker ticker) {
  private static final System.Logger LOG = System.getLogger(JobRunner.class.getName());

  Finished run(Job job, Engine engine) {
    long startNanos = ticker.nanos();
    Job.Spent waited = job.spentUntil(startNanos);
    if (job.leftNanos(startNanos) < 0) {
      String detail = "waited longer than its budget of " + job.budgetMillis() + " ms";
      return new Finished(job, waited, failed(ReplyError.EXPIRED, detail));
    }
    Outcome outcome = compute(job, engine);
    return new Finished(job, waited.plus(ticker.nanos() - startNanos, 0), outcome);
  }

  private Outcome compute(Job job, Engine engine) {
    try {
      return new Outcome.Computed(board.run(engine, job.input()));
    } catch (ImageRejectedException e) {
      LOG.log(Level.DEBUG, "Request {0}: {1}", job.key(), e.getMessage());
      return failed(e.error(), e.getMessage());
    } catch (RuntimeException e) {
      return new Outcome.Failed(
          ReplyError.INTERNAL, "inference failed; the worker's log says why", Optional.of(e));
    }
  }

  private static Outcome failed(ReplyError error, String detail) {
    return new Outcome.Failed(error, detail, Optional.empty());
  }
}
