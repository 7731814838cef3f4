package chorale.config;

import java.time.Duration;
import java.util.Optional;

/**
 * How images are published.
 *
 * @param camera name under which they appear
 * @param interval between two frames; zero is as fast as {@code inFlight} allows
 * @param inFlight requests without a result, at most
 * @param deadline budget that each frame asks for; the aggregator's default where absent
 * @param k classes per variant that each frame asks for; the default where absent
 * @param rightSize whether frames are made as small as the largest live input allows
 * @param quality of the JPEG that such a frame is, 1 to 100
 */
public record PublisherSettings(
    String camera,
    Duration interval,
    int inFlight,
    Optional<Duration> deadline,
    Optional<Integer> k,
    boolean rightSize,
    int quality) {}
