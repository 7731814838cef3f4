package chorale.config;

import chorale.protocol.Strategy;
import chorale.protocol.strategy.TensorType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How a worker works.
 *
 * @param variant id of the variant it runs
 * @param name of the worker; {@code <host>-<variant>} unless told
 * @param models directory of the model set
 * @param intraOpThreads of ONNX Runtime
 * @param concurrency frames that may be worked on at once, each on threads of its own
 * @param maxPixels of an image, judged by its header before anything is decoded
 * @param boardFactor 1 but where it emulates a board that is so many times slower than its machine
 * @param healthEvery how often the counters are published
 */
public record WorkerSettings(
    String variant,
    String name,
    Path models,
    int intraOpThreads,
    int concurrency,
    int maxPixels,
    double boardFactor,
    Duration healthEvery,
    Place place) {

  /** How workers with the same variant and model treat a request. */
  public enum ReplicaMode {
    /** One of them answers. */
    SHARE,
    /** All of them answer. */
    ALL
  }

  /**
   * A worker's place in its site's strategy.
   *
   * @param replicas where votes are fused ({@link Strategy#isFused}); the other strategies leave no
   *     choice
   * @param stage of the network, from 1; present with {@link Strategy#MODEL} alone, where a worker
   *     cannot run without
   * @param tensorType how it hands its tensors on
   * @param tier of a plan of tiers, from 1; with {@link Strategy#VARIANT} alone above it
   */
  public record Place(
      Strategy strategy,
      ReplicaMode replicas,
      Optional<Integer> stage,
      TensorType tensorType,
      int tier) {
    public static final Place VARIANT =
        new Place(Strategy.VARIANT, ReplicaMode.SHARE, Optional.empty(), TensorType.FLOAT32, 1);

    /** Whether it answers only its share of the requests. */
    public boolean isShared() {
      return strategy.isFused() ? replicas == ReplicaMode.SHARE : strategy.isShared();
    }
  }
}
