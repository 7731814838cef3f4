package chorale.dashboard;

import chorale.imaging.ImageDecoder;
import chorale.imaging.ImageRejectedException;
import chorale.imaging.JpegEncoder;
import chorale.imaging.Pixels;
import chorale.imaging.Resize;
import chorale.protocol.Bytes;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * A maker of camera thumbnails: a small JPEG of each camera's last frame. It decodes one frame at a
 * time on an executor's thread, in turn by camera. Only the last frame of a camera waits, and the
 * waiting frames are bounded in bytes. Thread-safe.
 */
public final class PictureDesk {
  /** Room for a 4K frame; larger frames get no thumbnail. */
  static final int MAX_PIXELS = 1 << 23;

  static final int MAX_WIDTH = 320;
  static final int MAX_HEIGHT = 240;
  private static final int QUALITY = 75;
  private static final long MAX_WAITING_BYTES = 16L << 20;

  private final ImageDecoder decoder = new ImageDecoder(MAX_PIXELS);
  private final JpegEncoder encoder = new JpegEncoder(QUALITY);
  private final int max;
  private final Executor executor;
  private final Runnable whenDone;

  private final Map<String, Frame> waiting = new LinkedHashMap<>();
  private long waitingBytes;
  private boolean working;

  private final Map<String, Bytes> pictures = new LinkedHashMap<>(16, 0.75f, true);
  private List<Done> done = new ArrayList<>();
  private long versions;

  private record Frame(Bytes image, long millis) {}

  private record Size(int width, int height) {}

  /** The buffers of the last thumbnail's size. Used by the working thread. */
  private Optional<Map.Entry<Size, Resize>> last = Optional.empty();

  /**
   * A processed frame.
   *
   * @param version of the thumbnail; 0 if there is none
   * @param error why there is none
   */
  record Done(String camera, long millis, long version, String error) {}

  /**
   * @param max maximum number of stored thumbnails
   * @param firstVersion above those of any earlier run, because browsers cache thumbnails by
   *     version
   * @param whenDone called on the executor's thread when {@link #takeDone} has an item
   */
  PictureDesk(int max, long firstVersion, Executor executor, Runnable whenDone) {
    this.max = max;
    this.versions = firstVersion;
    this.executor = executor;
    this.whenDone = whenDone;
  }

  void frame(String camera, Bytes image, long millis) {
    synchronized (this) {
      Frame old = waiting.remove(camera);
      waitingBytes += image.size() - (old == null ? 0 : old.image().size());
      waiting.put(camera, new Frame(image, millis));
      while (waitingBytes > MAX_WAITING_BYTES || waiting.size() > max) {
        String first = waiting.keySet().iterator().next();
        waitingBytes -= waiting.remove(first).image().size();
      }
      if (working || waiting.isEmpty()) {
        return;
      }
      working = true;
    }
    executor.execute(this::work);
  }

  private void work() {
    for (Optional<Map.Entry<String, Frame>> next = next(); next.isPresent(); next = next()) {
      String camera = next.get().getKey();
      Frame frame = next.get().getValue();
      try {
        Bytes picture = picture(frame.image());
        finish(camera, frame, Optional.of(picture), "");
      } catch (ImageRejectedException e) {
        finish(camera, frame, Optional.empty(), e.getMessage());
      }
    }
  }

  private synchronized Optional<Map.Entry<String, Frame>> next() {
    if (waiting.isEmpty()) {
      working = false;
      return Optional.empty();
    }
    String camera = waiting.keySet().iterator().next();
    Frame frame = waiting.remove(camera);
    waitingBytes -= frame.image().size();
    return Optional.of(Map.entry(camera, frame));
  }

  private void finish(String camera, Frame frame, Optional<Bytes> picture, String error) {
    synchronized (this) {
      long version = 0;
      if (picture.isPresent()) {
        version = versions++;
        pictures.put(camera, picture.get());
        if (pictures.size() > max) {
          pictures.remove(pictures.keySet().iterator().next());
        }
      }
      done.add(new Done(camera, frame.millis(), version, error));
    }
    whenDone.run();
  }

  private Bytes picture(Bytes image) throws ImageRejectedException {
    Pixels pixels = decoder.decode(image);
    double shrink =
        Math.min(
            1,
            Math.min((double) MAX_WIDTH / pixels.width(), (double) MAX_HEIGHT / pixels.height()));
    Size size =
        new Size(
            (int) Math.max(1, Math.round(pixels.width() * shrink)),
            (int) Math.max(1, Math.round(pixels.height() * shrink)));
    if (last.isEmpty() || !last.get().getKey().equals(size)) {
      last = Optional.of(Map.entry(size, new Resize(size.width(), size.height())));
    }
    FloatBuffer planes = FloatBuffer.allocate(3 * size.width() * size.height());
    last.get().getValue().apply(pixels, planes);
    return encoder.encode(planes, size.width(), size.height());
  }

  /** Returns the frames processed since the last call. */
  synchronized List<Done> takeDone() {
    List<Done> taken = done;
    done = new ArrayList<>();
    return taken;
  }

  /** Returns the last thumbnail of a camera, a JPEG. */
  public synchronized Optional<Bytes> find(String camera) {
    return Optional.ofNullable(pictures.get(camera));
  }

  synchronized void forget(String camera) {
    pictures.remove(camera);
    Frame old = waiting.remove(camera);
    waitingBytes -= old == null ? 0 : old.image().size();
  }
}
