package chorale.evaluation.measurement;

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
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A load generator with one camera of a site. It measures response times, from handing a frame to
 * the bus until its result is read from the socket. Owns its connection; close it after use. Not
 * thread-safe.
 */
public final class Camera implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final String name;
  private final Topics topics;
  private final int budgetMillis;
  private final ResultCodec codec = new ResultCodec();
  private final Inbox inbox = new Inbox(100_000, 256L << 20);
  private final Bus bus;
  private final Map<RequestKey, Asked> open = new HashMap<>();
  private final List<Response> finished = new ArrayList<>();
  private boolean subscribed;
  private long counter;

  /**
   * @param budgetMillis deadline of each frame
   */
  public Camera(String name, Topics topics, int budgetMillis, BusFactory buses) {
    this.name = name;
    this.topics = topics;
    this.budgetMillis = budgetMillis;
    this.bus =
        buses.open(
            Session.of(
                "chorale-publisher-" + topics.site() + '-' + name,
                List.of(Subscription.live(topics.result(name)))),
            inbox);
  }

  /** Waits until results can be received; every other method waits for this too. */
  public void awaitSubscribed() throws MeasurementException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!subscribed) {
      if (end - System.nanoTime() < 0) {
        throw new MeasurementException("no connection to the broker within " + PATIENCE);
      }
      drain(100_000_000L);
    }
  }

  /** Publishes one frame, with no others in flight, and waits for its result or its deadline. */
  public Response ask(Bytes image) throws MeasurementException, InterruptedException {
    return askMany(List.of(image), 1).get(0);
  }

  /**
   * Runs a closed loop: keeps this number of frames in flight, and sends another for each result.
   *
   * @return responses in the order in which they ended
   */
  public List<Response> askMany(List<Bytes> images, int inFlight)
      throws MeasurementException, InterruptedException {
    awaitSubscribed();
    finished.clear();
    for (int i = 0; i < images.size(); i++) {
      while (open.size() >= inFlight) {
        drain(PATIENCE.toNanos());
      }
      publish(frame(images.get(i)), i, Optional.empty());
    }
    return rest();
  }

  /**
   * Runs an open loop: publishes frames at given times, whether or not earlier frames are finished.
   * Each is timed from its due time, so a stall counts for every frame that it delays.
   *
   * @param offsets nanoseconds after the start, in increasing order
   * @return responses in the order in which they ended
   */
  public List<Response> load(List<Bytes> images, List<Long> offsets)
      throws MeasurementException, InterruptedException {
    awaitSubscribed();
    finished.clear();
    long start = System.nanoTime();
    for (int i = 0; i < offsets.size(); i++) {
      Frame frame = frame(images.get(i % images.size()));
      long due = start + offsets.get(i);
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        drain(left);
      }
      publish(frame, i % images.size(), Optional.of(due));
    }
    return rest();
  }

  private record Frame(RequestKey key, Message message) {}

  private record Asked(int image, long sinceNanos) {}

  private Frame frame(Bytes image) {
    Bytes correlation =
        Bytes.wrap(ByteBuffer.allocate(16).putLong(System.nanoTime()).putLong(counter++).array());
    MessageProperties properties =
        MessageProperties.NONE
            .withCorrelation(Optional.of(correlation))
            .withContentType("image/jpeg")
            .withExpirySeconds((budgetMillis + 999) / 1_000)
            .withUser(RequestRules.DEADLINE_MS, String.valueOf(budgetMillis));
    return new Frame(
        RequestKey.of(name, Optional.of(correlation), image),
        Message.of(topics.image(name), image).with(properties));
  }

  private void publish(Frame frame, int image, Optional<Long> due) {
    open.put(frame.key(), new Asked(image, due.orElseGet(System::nanoTime)));
    var unused = bus.publish(frame.message());
  }

  private List<Response> rest() throws MeasurementException, InterruptedException {
    long end = System.nanoTime() + budgetMillis * 1_000_000L + 1_000_000_000L;
    while (!open.isEmpty() && end - System.nanoTime() > 0) {
      drain(end - System.nanoTime());
    }
    long now = System.nanoTime();
    open.forEach(
        (key, asked) ->
            finished.add(
                new Response(key, asked.image(), now - asked.sinceNanos(), Optional.empty())));
    open.clear();
    return List.copyOf(finished);
  }

  /** Waits for an event, then handles all that are queued. */
  private void drain(long nanos) throws MeasurementException, InterruptedException {
    inbox.await(nanos);
    for (Optional<BusEvent> next = inbox.poll(); next.isPresent(); next = inbox.poll()) {
      BusEvent event = next.get();
      if (event instanceof BusEvent.Delivered delivered) {
        result(delivered);
      } else if (event instanceof BusEvent.Subscribed) {
        subscribed = true;
      } else if (event instanceof BusEvent.Disconnected lost && subscribed) {
        throw new MeasurementException("the camera lost its connection: " + lost.reason());
      } else if (event instanceof BusEvent.Ended ended) {
        throw new MeasurementException("the camera's connection ended: " + ended.reason());
      }
    }
  }

  private void result(BusEvent.Delivered delivered) throws MeasurementException {
    try {
      Result result = codec.decode(delivered.message().payload());
      Asked asked = open.remove(result.requestId());
      if (asked != null) {
        long nanos = delivered.arrivedNanos() - asked.sinceNanos();
        finished.add(new Response(result.requestId(), asked.image(), nanos, Optional.of(result)));
      }
    } catch (MalformedException e) {
      throw new MeasurementException("malformed result: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    bus.close();
  }
}
