package chorale.site.faults;

import chorale.protocol.Bytes;
import chorale.protocol.Message;
import chorale.protocol.MessageProperties;
import chorale.protocol.RequestKey;
import chorale.protocol.RequestRules;
import chorale.protocol.Topics;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Session;
import chorale.site.faults.History.Frame;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * All cameras of a site on one connection, which publish in turns at a steady rate, by a thread of
 * their own. Every frame is another request. Its correlation data makes a frame that the bus sends
 * again after a reconnect a retry, and no second request. Without a connection they are silent.
 */
final class Cameras implements AutoCloseable {
  private final Settings settings;
  private final History history;
  private final Bus bus;
  private final AtomicLong count = new AtomicLong();
  private final Thread thread = new Thread(this::publishInTurns, "cameras");
  private volatile boolean ended;
  private volatile long longestPauseNanos;

  /**
   * @param images JPEGs
   * @param rate frames a second, of all cameras together
   */
  record Settings(
      Topics topics, List<String> names, List<Bytes> images, double rate, int deadlineMillis) {
    Settings {
      names = List.copyOf(names);
      images = List.copyOf(images);
    }
  }

  Cameras(Settings settings, History history, BusFactory buses) {
    this.settings = settings;
    this.history = history;
    this.bus =
        buses.open(
            Session.of("chorale-publisher-" + settings.topics().site(), List.of()),
            new Inbox(1_000, 1L << 20));
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void publishInTurns() {
    long interval = (long) (1e9 / settings.rate());
    long due = System.nanoTime();
    while (!ended) {
      long left = due - System.nanoTime();
      if (left > 0) {
        LockSupport.parkNanos(left);
      } else {
        longestPauseNanos = Math.max(longestPauseNanos, -left);
        String camera = settings.names().get((int) (count.get() % settings.names().size()));
        publish(camera);
        due = Math.max(due + interval, System.nanoTime() - interval); // no burst after a pause
      }
    }
  }

  /** A frame of this camera now, besides its turns. */
  void publish(String camera) {
    if (!bus.isConnected()) {
      return;
    }
    long number = count.getAndIncrement();
    Bytes image =
        NumberedJpeg.of(settings.images().get((int) (number % settings.images().size())), number);
    Bytes correlation = Bytes.wrap(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    RequestKey key = RequestKey.of(camera, Optional.of(correlation), image);
    MessageProperties properties =
        MessageProperties.NONE
            .withCorrelation(Optional.of(correlation))
            .withContentType("image/jpeg")
            .withExpirySeconds((settings.deadlineMillis() + 999) / 1_000)
            .withUser(RequestRules.DEADLINE_MS, String.valueOf(settings.deadlineMillis()));
    history.published(new Frame(key, camera, System.nanoTime()));
    var unused =
        bus.publish(Message.of(settings.topics().image(camera), image).with(properties))
            .whenComplete(
                (done, error) -> {
                  if (error != null) {
                    history.refused(key);
                  }
                });
  }

  /** How late a frame was at most: what this machine let its processes wait. */
  long longestPauseMillis() {
    return longestPauseNanos / 1_000_000;
  }

  /** No more frames. */
  void end() throws InterruptedException {
    ended = true;
    thread.join();
  }

  @Override
  public void close() {
    ended = true;
    bus.close();
  }
}
