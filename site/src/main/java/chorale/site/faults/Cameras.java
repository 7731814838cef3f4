package chorale.site.faults;

import chorale.protocol.Bytes;
import chorale.protocol.MalformedException;
import chorale.protocol.Message;
import chorale.protocol.MessageProperties;
import chorale.protocol.RequestKey;
import chorale.protocol.RequestRules;
import chorale.protocol.Result;
import chorale.protocol.ResultCodec;
import chorale.protocol.Topics;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Session;
import chorale.protocol.bus.Subscription;
import chorale.site.faults.History.Frame;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * All cameras of a site on one connection. A separate thread publishes their frames in turns at a
 * steady rate; results arrive on their response topics. Every frame is a new request. The
 * correlation data lets the site recognize a frame that the bus resends after a reconnect. Without
 * a connection, no frames are published. The owner calls {@link #hear} in turns.
 */
final class Cameras implements AutoCloseable {
  private final Settings settings;
  private final History history;
  private final Inbox inbox = new Inbox(100_000, 64L << 20);
  private final Bus bus;
  private final ResultCodec results = new ResultCodec();
  private final Absence absence = new Absence(System.nanoTime());
  private final AtomicLong count = new AtomicLong();
  private final Thread thread = new Thread(this::publishInTurns, "cameras");
  private volatile boolean ended;
  private volatile double rate;
  private volatile long longestPauseNanos;

  /**
   * The cameras and their frames.
   *
   * @param names of the cameras
   * @param images JPEGs, published in turns
   */
  record Settings(Topics topics, List<String> names, List<Bytes> images, int deadlineMillis) {
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
            Session.of(
                "chorale-publisher-" + settings.topics().site(),
                settings.names().stream().map(this::response).map(Subscription::live).toList()),
            inbox);
    thread.setDaemon(true);
  }

  private String response(String camera) {
    return settings.topics().cameraPrefix(camera) + "response";
  }

  /**
   * Starts publishing.
   *
   * @param framesPerSecond of all cameras together
   */
  void start(double framesPerSecond) {
    rate = framesPerSecond;
    thread.start();
  }

  void setRate(double framesPerSecond) {
    rate = framesPerSecond;
  }

  /** Handles the received messages; call it in turns. */
  void hear() {
    for (Optional<BusEvent> next = inbox.poll(); next.isPresent(); next = inbox.poll()) {
      if (next.get() instanceof BusEvent.Delivered delivered) {
        absence.heard(delivered.arrivedNanos());
        hear(delivered.message(), delivered.arrivedNanos());
      } else if (!(next.get() instanceof BusEvent.Connected)) {
        history.camerasAway.add(absence.changed(System.nanoTime()));
      }
    }
  }

  private void hear(Message message, long now) {
    try {
      Result result = results.decode(message.payload());
      if (!result.repeated()) {
        history
            .delivered
            .computeIfAbsent(result.requestId(), any -> new HashMap<>())
            .putIfAbsent(result.origin(), now);
      }
    } catch (MalformedException e) {
      history.note(Violation.Kind.INVENTED, message.topic(), "  malformed: " + e.getMessage());
    }
  }

  private void publishInTurns() {
    long due = System.nanoTime();
    while (!ended) {
      long interval = (long) (1e9 / rate);
      long left = due - System.nanoTime();
      if (left > 0) {
        LockSupport.parkNanos(left);
      } else {
        longestPauseNanos = Math.max(longestPauseNanos, -left);
        publish();
        due = Math.max(due + interval, System.nanoTime() - interval); // no burst after a pause
      }
    }
  }

  /** Publishes a frame of the next camera. */
  void publish() {
    publish(settings.names().get((int) (count.get() % settings.names().size())));
  }

  /** Publishes an additional frame of this camera. */
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
            .withResponseTopic(Optional.of(response(camera)))
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

  /** Returns the longest delay of a frame, a measure of this machine's scheduling pauses. */
  long longestPauseMillis() {
    return longestPauseNanos / 1_000_000;
  }

  /** Stops publishing. */
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
