package chorale.publisher;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A source of images, one at a time. Used by one thread; closed by the caller that opened it.
 *
 * <p>A source never blocks: a camera or a followed folder without a new image returns when to ask
 * again.
 */
public interface ImageSource extends Closeable {

  /**
   * Returns the next image, or why there is none. After {@link Next.Ended}, always returns that
   * again.
   */
  Next next();

  /** Returns the number of images, if known. */
  OptionalInt total();

  /** Returns a summary for people of the files that are not images; call it after the run. */
  default Optional<String> leftOut() {
    return Optional.empty();
  }

  @Override
  default void close() throws IOException {}

  /** The outcome of {@link ImageSource#next}. */
  sealed interface Next {
    record Ready(Image image) implements Next {}

    /** An image that cannot be published, and why; further images may follow. */
    record Skipped(String name, String reason) implements Next {}

    /**
     * No image yet.
     *
     * @param nanos time after which to ask again
     */
    record Waiting(long nanos) implements Next {}

    record Ended() implements Next {}
  }

  /** Returns the same source, ending after {@code count} images. */
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
