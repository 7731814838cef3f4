package chorale.cli.camera;

import chorale.cli.CommandException;
import chorale.cli.CommonOptions;
import chorale.cli.OutputFiles;
import chorale.config.Settings;
import chorale.protocol.Limits;
import chorale.publisher.ImageListing;
import chorale.publisher.ImageSource;
import chorale.publisher.PublishReport;
import chorale.publisher.RightSize;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that {@code publish} and {@code demo} share ({@code @Mixin}). */
final class PublishOptions {
  @Option(
      names = "--interval",
      paramLabel = "D",
      description =
          "Time between two images, such as 40ms; 0s publishes as fast as --in-flight allows.")
  private Optional<String> interval = Optional.empty();

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      description =
          "The maximum number of images that wait for their result at a time. Default: 1.")
  private Optional<String> inFlight = Optional.empty();

  @Option(
      names = "--deadline",
      paramLabel = "D",
      description = "The deadline of each image, 1ms to 1m. Default: the aggregator's.")
  private Optional<String> deadline = Optional.empty();

  @Option(
      names = "--right-size",
      description =
          "Wait for the workers, and shrink each image to their largest input size. Also accepts"
              + " images above 4 MiB or a worker's max-pixels.")
  private boolean rightSize;

  @Option(
      names = "--quality",
      paramLabel = "Q",
      description = "Like --right-size, with this JPEG quality, 1 to 100. Default: 85.")
  private Optional<String> quality = Optional.empty();

  @Option(
      names = "--count",
      paramLabel = "N",
      description =
          "Publish N random images, equally many of each class; repeat images if there are fewer.")
  private Optional<Integer> count = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "The random seed of the selection. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the summary as JSON.")
  private Optional<Path> json = Optional.empty();

  /**
   * Adds these options to the flags. Also checks {@code --json} now, because it is written only
   * after the run.
   */
  CommonOptions.Flags addTo(CommonOptions.Flags flags) throws CommandException {
    if (count.isPresent() && count.get() < 1) {
      throw CommandException.refused("--count", count.get(), "1 or more");
    }
    OutputFiles.requireWritable("--json", json);
    boolean sized = rightSize || quality.isPresent();
    return flags
        .set("publisher.interval", interval)
        .set("publisher.in-flight", inFlight)
        .set("publisher.deadline", deadline)
        .set("publisher.right-size", sized ? Optional.of(true) : Optional.empty())
        .set("publisher.quality", quality);
  }

  /** Returns the maximum size of an image file; larger ones are skipped. */
  static int maxBytes(Settings settings) {
    return settings.publisher().rightSize() ? RightSize.MAX_FILE_BYTES : Limits.MAX_IMAGE_BYTES;
  }

  Optional<Integer> count() {
    return count;
  }

  /** Returns the random sample if a count is given. */
  Optional<ImageSource> sample(ImageListing listing) {
    return count.map(wanted -> listing.sample(wanted, seed));
  }

  /** Returns all images once, shuffled by the seed. */
  ImageSource shuffled(ImageListing listing) {
    return listing.sample(listing.size(), seed);
  }

  void write(PublishReport report) throws CommandException {
    if (json.isPresent()) {
      OutputFiles.write("--json", json.get(), report.toJson() + "\n");
    }
  }
}
