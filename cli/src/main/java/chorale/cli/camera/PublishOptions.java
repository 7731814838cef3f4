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

/** What {@code publish} and {@code demo} both take. */
final class PublishOptions {
  @Option(
      names = "--interval",
      paramLabel = "D",
      description = "Time between two images, like 40ms; 0s: as fast as --in-flight allows.")
  private Optional<String> interval = Optional.empty();

  @Option(
      names = "--in-flight",
      paramLabel = "N",
      description = "Requests without a result, at most.")
  private Optional<String> inFlight = Optional.empty();

  @Option(
      names = "--deadline",
      paramLabel = "D",
      description = "The time each image has, 1ms to 60s; the aggregator's default unless set.")
  private Optional<String> deadline = Optional.empty();

  @Option(
      names = "--right-size",
      description =
          "Wait for the workers, and send each image no larger than their largest input; also what"
              + " is above 4 MiB or a worker's max-pixels.")
  private boolean rightSize;

  @Option(
      names = "--quality",
      paramLabel = "Q",
      description = "Right-size to this JPEG quality, 1 to 100; 85 unless set.")
  private Optional<String> quality = Optional.empty();

  @Option(
      names = "--count",
      paramLabel = "N",
      description =
          "Draw N images, of every class equally many; again from the start if there are fewer.")
  private Optional<Integer> count = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Decides the draw (${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the sum as JSON.")
  private Optional<Path> json = Optional.empty();

  /** Adds what these options set; and finds mistakes that would otherwise show after the run. */
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

  /** Larger images are skipped. */
  static int maxBytes(Settings settings) {
    return settings.publisher().rightSize() ? RightSize.MAX_FILE_BYTES : Limits.MAX_IMAGE_BYTES;
  }

  Optional<Integer> count() {
    return count;
  }

  /** The draw, where a count is given. */
  Optional<ImageSource> sample(ImageListing listing) {
    return count.map(wanted -> listing.sample(wanted, seed));
  }

  /** All images once, in an order that the seed decides. */
  ImageSource shuffled(ImageListing listing) {
    return listing.sample(listing.size(), seed);
  }

  void write(PublishReport report) throws CommandException {
    if (json.isPresent()) {
      OutputFiles.write("--json", json.get(), report.toJson() + "\n");
    }
  }
}
