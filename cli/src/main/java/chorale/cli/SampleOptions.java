package chorale.cli;

import chorale.publisher.ImageListing;
import chorale.publisher.ImageSource;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The labelled images that a command takes of those listed ({@code @Mixin}). */
public final class SampleOptions {
  @Option(
      names = "--count",
      paramLabel = "N",
      description = "Only N images, of every class equally many.")
  private Optional<Integer> count = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Decides which images are drawn, and their order (${DEFAULT-VALUE}).")
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

  /** All images in the order of their names, or those drawn. */
  public ImageSource inOrder(ImageListing listing) {
    return count.isPresent() ? drawn(listing) : listing.all();
  }

  /** In an order in which classes alternate. */
  public ImageSource drawn(ImageListing listing) {
    return listing.sample(size(listing), seed);
  }
}
