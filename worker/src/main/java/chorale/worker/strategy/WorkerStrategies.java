package chorale.worker.strategy;

import chorale.protocol.Digests;
import chorale.protocol.Strategy;
import chorale.protocol.strategy.TensorCodec;
import chorale.variants.VariantManifest;
import chorale.worker.AllFrames;
import chorale.worker.WorkerStrategy;

/** The strategy of a worker by its assignment. Stateless. */
public final class WorkerStrategies {
  private WorkerStrategies() {}

  /**
   * @param frames holds the assignment
   * @param worker this worker's name
   * @param manifest of the whole network
   */
  public static WorkerStrategy of(
      AllFrames frames, String worker, VariantManifest manifest, TensorCodec codec) {
    Strategy strategy = frames.assignment().strategy();
    WorkerStrategy jobs =
        strategy == Strategy.MODEL
            ? new StageStrategy(frames, codec, Digests.prefix(manifest.sha256()))
            : frames;
    return strategy.isShared()
        ? new SharedRequests(jobs, frames.topics(), worker, manifest.id())
        : jobs;
  }
}
