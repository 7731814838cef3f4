package chorale.cli;

import chorale.publisher.ImageListing;
import chorale.publisher.ImageSource;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that select a sample of the listed images ({@code @Mixin}). */
public final class SampleOptions {
  @Option(
      names = "--count",
      paramLabel = "N",
      description = "Use only N images, equally many of each class. Default: all.")
  private Optional<Integer> count = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "The random seed that selects images and their order. Default: ${DEFAULT-VALUE}.")
  private long seed;

  public void requireValid() throws CommandException {
    if (count.isPresent() && count.get() < 1) {
      throw CommandException.refused("--count", count.get(), "1 or more");
    }
  }

  public int size(ImageListing listing) {
    return Math.min(count.orElse(listing.size()), listing.size());
  }

  public long seed() {
    return seed;
  }

  /** Returns all images in the order of their names, or the sample if a count is given. */
  public ImageSource inOrder(ImageListing listing) {
    return count.isPresent() ? drawn(listing) : listing.all();
  }

  /** Returns the sample, with alternating classes. */
  public ImageSource drawn(ImageListing listing) {
    return listing.sample(size(listing), seed);
  }
}
