package chorale.cli.camera;

import chorale.publisher.ImageSource;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** A source that begins again when it has ended, without end unless it is empty. */
final class EndlessSource implements ImageSource {
  private final Supplier<ImageSource> sources;
  private ImageSource round;

  /**
   * @param sources the same images each time
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
  public OptionalInt total() {
    return OptionalInt.empty();
  }
}
