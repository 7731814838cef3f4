package chorale.worker;

import chorale.imaging.ImageRejectedException;
import chorale.protocol.ReplyError;
import chorale.protocol.Ticker;
import chorale.worker.Finished.Outcome;
import java.lang.System.Logger.Level;
import java.util.Optional;

/**
 * The work on one job: judge its age, run an engine, take the time. Runs on any thread; the engine
 * belongs to the caller.
 *
 * @param board that the engine is to be as slow as
 */
record JobRunner(BoardEmulation board, Ticker ticker) {
  private static final System.Logger LOG = System.getLogger(JobRunner.class.getName());

  Finished run(Job job, Engine engine) {
    long startNanos = ticker.nanos();
    Job.Spent waited = job.spentUntil(startNanos);
    if (job.isExpired(startNanos)) {
      return new Finished(job, waited, new Outcome.Failed(ReplyError.EXPIRED, Optional.empty()));
    }
    Outcome outcome = compute(job, engine);
    return new Finished(job, waited.plus(ticker.nanos() - startNanos, 0), outcome);
  }

  private Outcome compute(Job job, Engine engine) {
    long begun = board.beginWork();
    try {
      return new Outcome.Computed(engine.run(job.input()));
    } catch (ImageRejectedException e) {
      LOG.log(Level.DEBUG, "Request {0}: {1}", job.key(), e.getMessage());
      return new Outcome.Failed(e.error(), Optional.empty());
    } catch (RuntimeException e) {
      return new Outcome.Failed(ReplyError.INTERNAL, Optional.of(e));
    } finally {
      board.endWork(begun);
    }
  }
}
