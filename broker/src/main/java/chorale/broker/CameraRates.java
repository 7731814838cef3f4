package chorale.broker;

import chorale.config.BrokerSettings.CameraRate;
import chorale.protocol.Ticker;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Token buckets that limit the images of each user, or of each client on a broker without users:
 * one bucket for frames and one for bytes, each with a capacity of one second. A frame is admitted
 * while neither bucket is empty, and may overdraw them, so that a single frame of any size is
 * admitted. Remembers the {@value #MAX_CLIENTS} most recent users. Thread-safe.
 */
final class CameraRates {
  static final int MAX_CLIENTS = 1000;

  private static final double SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final CameraRate rate;
  private final Ticker ticker;

  // Guarded by this.
  private final Map<String, Bucket> buckets =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
          return size() > MAX_CLIENTS;
        }
      };

  private static final class Bucket {
    private double frames;
    private double bytes;
    private long filledNanos;
  }

  CameraRates(CameraRate rate, Ticker ticker) {
    this.rate = rate;
    this.ticker = ticker;
  }

  /** Returns whether the user or client may publish this frame now, and counts it if so. */
  synchronized boolean admit(String name, long bytes) {
    long now = ticker.nanos();
    Bucket bucket = buckets.computeIfAbsent(name, any -> full(now));
    double seconds = (now - bucket.filledNanos) / SECOND_NANOS;
    bucket.filledNanos = now;
    bucket.frames = Math.min(rate.frames(), bucket.frames + seconds * rate.frames());
    bucket.bytes = Math.min(rate.bytes(), bucket.bytes + seconds * rate.bytes());
    boolean admitted =
        (rate.frames() == 0 || bucket.frames >= 1) && (rate.bytes() == 0 || bucket.bytes > 0);
    if (admitted) {
      bucket.frames -= 1;
      bucket.bytes -= bytes;
    }
    return admitted;
  }

  private Bucket full(long now) {
    Bucket bucket = new Bucket();
    bucket.frames = rate.frames();
    bucket.bytes = rate.bytes();
    bucket.filledNanos = now;
    return bucket;
  }

  /** Returns the limit for people: {@code 1000 frames and 67108864 bytes a second}. */
  String limit() {
    String frames = rate.frames() == 0 ? "" : rate.frames() + " frames";
    String bytes = rate.bytes() == 0 ? "" : rate.bytes() + " bytes";
    return frames + (frames.isEmpty() || bytes.isEmpty() ? "" : " and ") + bytes + " a second";
  }
}
