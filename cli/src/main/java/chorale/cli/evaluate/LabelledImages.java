package chorale.cli.evaluate;

import chorale.evaluation.LabelledImage;
import chorale.publisher.ImageSource;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The images of a source as an evaluation takes them. What cannot be read, or has no label, is told
 * of and left out. One owner.
 */
final class LabelledImages implements Iterator<LabelledImage> {
  private final ImageSource source;
  private final BiConsumer<String, String> skipped;
  private Optional<LabelledImage> next;

  /**
   * @param skipped gets the name of an image that is left out, and why
   */
  LabelledImages(ImageSource source, BiConsumer<String, String> skipped) {
    this.source = source;
    this.skipped = skipped;
    this.next = read();
  }

  private Optional<LabelledImage> read() {
    while (true) {
      ImageSource.Next found = source.next();
      if (found instanceof ImageSource.Next.Skipped left) {
        skipped.accept(left.name(), left.reason());
      } else if (found instanceof ImageSource.Next.Ready ready) {
        var image = ready.image();
        if (image.label().isPresent()) {
          return Optional.of(new LabelledImage(image.name(), image.label().get(), image.content()));
        }
        skipped.accept(image.name(), "it lies in no class's folder");
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
  public LabelledImage next() {
    LabelledImage image = next.orElseThrow(NoSuchElementException::new);
    next = read();
    return image;
  }
}
