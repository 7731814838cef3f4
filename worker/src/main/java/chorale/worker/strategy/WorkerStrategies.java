package chorale.worker.strategy;

import chorale.protocol.Digests;
import chorale.protocol.Strategy;
import chorale.protocol.strategy.TensorCodec;
import chorale.variants.VariantManifest;
import chorale.worker.AllFrames;
import chorale.worker.AskedFrames;
import chorale.worker.SharedRequests;
import chorale.worker.WorkerStrategy;
import java.time.Duration;

/** A factory of worker strategies by assignment. Stateless. */
public final class WorkerStrategies {
  /** A worker that shares requests counts as gone after this many missed health messages. */
  private static final int HEALTH_MISSES = 3;

  /** Fraction of the heap (1/8) for the frames that a worker of a later tier keeps. */
  private static final int KEPT_SHARE = 8;

  private WorkerStrategies() {}

  /**
   * @param frames holds the assignment
   * @param manifest of the whole network
   * @param healthEvery health interval of all workers of the site
   */
  public static WorkerStrategy of(
      AllFrames frames, VariantManifest manifest, TensorCodec codec, Duration healthEvery) {
    WorkerStrategy jobs = frames;
    if (frames.assignment().strategy() == Strategy.MODEL) {
      jobs = new StageStrategy(frames, codec, Digests.prefix(manifest.sha256()));
    } else if (!frames.assignment().tier().isFirst()) {
      jobs = new AskedFrames(frames, Runtime.getRuntime().maxMemory() / KEPT_SHARE);
    }
    return frames.assignment().isShared()
        ? new SharedRequests(jobs, frames.topics(), healthEvery.multipliedBy(HEALTH_MISSES))
        : jobs;
  }
}
