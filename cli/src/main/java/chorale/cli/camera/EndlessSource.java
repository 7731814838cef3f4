package chorale.cli.camera;

import chorale.publisher.ImageSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** An image source that repeats the same images without end; it ends only if there are none. */
final class EndlessSource implements ImageSource {
  private final Supplier<ImageSource> sources;
  private ImageSource round;

  /**
   * @param sources returns a new source of the same images each time
   */
  EndlessSource(Supplier<ImageSource> sources) {
    this.sources = sources;
    this.round = sources.get();
  }

  @Override
  public Next next() {
    Next next = round.next();
    if (!(next instanceof Next.Ended)) {
      return next;
    }
    round = sources.get();
    return round.next();
  }

  @Override
  public Optional<String> leftOut() {
    return round.leftOut();
  }

  @Override
  public OptionalInt total() {
    return OptionalInt.empty();
  }
}
