package chorale.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How a worker works.
 *
 * @param variant id of the variant it runs
 * @param name of the worker; {@code <host>-<variant>} unless told
 * @param models directory of the model set
 * @param queue frames that may wait; when one more comes, the oldest is answered {@code overloaded}
 * @param intraOpThreads of ONNX Runtime
 * @param maxPixels of an image, judged by its header before anything is decoded
 * @param boardFactor 1 but where it emulates a board that is so many times slower than its machine
 * @param healthEvery how often the counters are published
 */
public record WorkerSettings(
    String variant,
    String name,
    Path models,
    int queue,
    int intraOpThreads,
    int maxPixels,
    double boardFactor,
    Duration healthEvery) {}
