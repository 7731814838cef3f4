package chorale.cli;

import chorale.evaluation.LabelledImage;
import chorale.publisher.ImageListing;
import chorale.publisher.SourceException;
import chorale.variants.ModelSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import picocli.CommandLine.Option;

/** Which labelled images a comparison asks about ({@code @Mixin}). */
final class ComparedImages {
  @Option(
      names = "--images",
      paramLabel = "PATH",
      description =
          "A folder or a zip with a folder of images for each class; the pictures that Chorale"
              + " ships unless set.")
  private Optional<Path> path = Optional.empty();

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "Only N images, of every class equally many.")
  private Optional<Integer> count = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Decides the draw and the order (${DEFAULT-VALUE}).")
  private long seed;

  ImageListing listing() throws SourceException, CommandException {
    if (count.isPresent() && count.get() < 1) {
      throw CommandException.mistake("--count: '" + count.get() + "'; allowed: 1 or more");
    }
    return ImageListing.of(
        List.of(path.orElseGet(() -> Home.directory().orElse(Path.of("")).resolve("pictures"))));
  }

  /** For people. */
  String described() {
    return path.map(each -> String.valueOf(each.getFileName()))
        .orElse("the pictures that Chorale ships");
  }

  /** In an order in which classes alternate. */
  List<LabelledImage> read(ImageListing listing, ModelSet set) throws CommandException {
    NavigableSet<String> unknown = new TreeSet<>(listing.labels());
    boolean labelled = !unknown.isEmpty();
    set.classes().forEach(unknown::remove);
    if (!labelled || !unknown.isEmpty()) {
      throw CommandException.mistake(
          "--images: "
              + (labelled ? "no classes of " + set.name() + ": " + unknown : "no labels")
              + " (needed: a folder of images for each of "
              + String.join(", ", set.classes())
              + ")");
    }
    List<LabelledImage> all = new ArrayList<>();
    int wanted = Math.min(count.orElse(listing.size()), listing.size());
    List<String> skipped = new ArrayList<>();
    LabelledImages source =
        new LabelledImages(
            listing.sample(wanted, seed), (name, reason) -> skipped.add(name + ": " + reason));
    source.forEachRemaining(all::add);
    if (!skipped.isEmpty()) {
      throw CommandException.mistake("--images: " + skipped.get(0));
    }
    return all;
  }
}
