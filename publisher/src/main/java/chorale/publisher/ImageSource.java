package chorale.publisher;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where images come from, one at a time. Used by one thread; closed by whoever opened it.
 *
 * <p>A source never waits: a camera or a watched folder that has nothing yet says when to ask
 * again.
 */
public interface ImageSource extends Closeable {

  /** The next image, or why there is none. After {@link Next.Ended} always that again. */
  Next next();

  /** How many images will come, where that is known. */
  OptionalInt total();

  /** What was passed over because it is no image, for people; once the run is over. */
  default Optional<String> leftOut() {
    return Optional.empty();
  }

  @Override
  default void close() throws IOException {}

  /** One answer of a source. */
  sealed interface Next {
    record Ready(Image image) implements Next {}

    /** An image that cannot be published, and why; the one after it may be fine. */
    record Skipped(String name, String reason) implements Next {}

    /**
     * Nothing yet.
     *
     * @param nanos until it is worth asking again
     */
    record Waiting(long nanos) implements Next {}

    record Ended() implements Next {}
  }

  /** The same source, which ends after so many images. */
  default ImageSource first(int count) {
    ImageSource all = this;
    return new ImageSource() {
      private int left = count;

      @Override
      public Next next() {
        if (left == 0) {
          return new Next.Ended();
        }
        Next next = all.next();
        if (next instanceof Next.Ready) {
          left--;
        }
        return next;
      }

      @Override
      public OptionalInt total() {
        OptionalInt total = all.total();
        return OptionalInt.of(total.isPresent() ? Math.min(count, total.getAsInt()) : count);
      }

      @Override
      public Optional<String> leftOut() {
        return all.leftOut();
      }

      @Override
      public void close() throws IOException {
        all.close();
      }
    };
  }
}
