package chorale.cli.evaluate;

import chorale.evaluation.LabeledImage;
import chorale.publisher.ImageSource;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * An iterator over the labeled images of a source. Reports and skips images that cannot be read or
 * have no label. Not thread-safe.
 */
final class LabeledImages implements Iterator<LabeledImage> {
  private final ImageSource source;
  private final BiConsumer<String, String> skipped;
  private Optional<LabeledImage> next;

  /**
   * @param skipped receives the name of each skipped image, and the reason
   */
  LabeledImages(ImageSource source, BiConsumer<String, String> skipped) {
    this.source = source;
    this.skipped = skipped;
    this.next = read();
  }

  private Optional<LabeledImage> read() {
    while (true) {
      ImageSource.Next found = source.next();
      if (found instanceof ImageSource.Next.Skipped left) {
        skipped.accept(left.name(), left.reason());
      } else if (found instanceof ImageSource.Next.Ready ready) {
        var image = ready.image();
        if (image.label().isPresent()) {
          return Optional.of(new LabeledImage(image.name(), image.label().get(), image.content()));
        }
        skipped.accept(image.name(), "it is not in the folder of a class");
      } else {
        return Optional.empty();
      }
    }
  }

  @Override
  public boolean hasNext() {
    return next.isPresent();
  }

  @Override
  public LabeledImage next() {
    LabeledImage image = next.orElseThrow(NoSuchElementException::new);
    next = read();
    return image;
  }
}
