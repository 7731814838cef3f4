package chorale.config;

import java.time.Duration;
import java.util.Optional;

/**
 * The settings of a publisher. Immutable.
 *
 * @param camera the camera name
 * @param interval time between two frames; 0 is as fast as {@code inFlight} allows
 * @param inFlight maximum number of requests without a result
 * @param deadline budget of each frame; if empty, the aggregator's default
 * @param k number of classes that each variant returns; if empty, the default
 * @param rightSize whether frames are reduced to the largest input size of the online workers
 * @param quality JPEG quality of reduced frames, 1 to 100
 */
public record PublisherSettings(
    String camera,
    Duration interval,
    int inFlight,
    Optional<Duration> deadline,
    Optional<Integer> k,
    boolean rightSize,
    int quality) {}
