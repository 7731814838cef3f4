package chorale.config;

import chorale.protocol.Strategy;
import chorale.protocol.strategy.TensorType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The settings of a worker. Immutable.
 *
 * @param variant id of the variant that it runs
 * @param name of the worker; default {@code <host>-<variant>}
 * @param models directory of the model set
 * @param intraOpThreads number of threads that ONNX Runtime uses for one inference
 * @param concurrency maximum number of frames in work at the same time, each on separate threads
 * @param maxPixels maximum number of pixels of an image, checked in its header before decoding
 * @param boardFactor 1; above 1 to emulate a board that is slower than the machine by this factor
 * @param healthEvery interval between published counters
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

  /** The division of requests among replicas: workers with the same variant and model. */
  public enum ReplicaMode {
    /** One replica answers each request. */
    SHARE,
    /** All replicas answer each request. */
    ALL
  }

  /**
   * The role of a worker in its site's strategy.
   *
   * @param replicas used if votes are fused ({@link Strategy#isFused}); other strategies have a
   *     fixed rule
   * @param stage of the network, from 1; present only with {@link Strategy#MODEL}, which requires
   *     it
   * @param tensorType wire format of its output tensors
   * @param tier in the tier plan, from 1; above 1 only with {@link Strategy#VARIANT}
   */
  public record Place(
      Strategy strategy,
      ReplicaMode replicas,
      Optional<Integer> stage,
      TensorType tensorType,
      int tier) {
    public static final Place VARIANT =
        new Place(Strategy.VARIANT, ReplicaMode.SHARE, Optional.empty(), TensorType.FLOAT32, 1);

    /** Returns whether the worker answers only its share of the requests. */
    public boolean isShared() {
      return strategy.isFused() ? replicas == ReplicaMode.SHARE : strategy.isShared();
    }
  }
}
