package chorale.bench;

import chorale.evaluation.measurement.MeasurementException;
import chorale.evaluation.measurement.Response;
import chorale.mqtt.PahoBus;
import chorale.protocol.Bytes;
import chorale.protocol.MalformedException;
import chorale.protocol.Message;
import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import chorale.protocol.ResultCodec;
import chorale.protocol.Topics;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.ConnectionSettings;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Session;
import chorale.protocol.bus.Subscription;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Many cameras behind one gateway, which publishes all frames and receives all results over one
 * connection. The frames are bare images without Chorale's properties. Owned by one thread.
 */
final class ManyCameras implements AutoCloseable {
  private static final int FRAMES_IN_FLIGHT = 1_000;
  private static final int WAITING_FRAMES = 100_000;

  private final Topics topics;
  private final ResultCodec codec = new ResultCodec();
  private final Inbox inbox = new Inbox(WAITING_FRAMES, 256L << 20);
  private final Bus bus;
  private final Map<RequestKey, Long> open = new HashMap<>();
  private final AtomicInteger refused = new AtomicInteger();

  ManyCameras(Topics topics, ConnectionSettings connection) {
    this.topics = topics;
    ConnectionSettings wide =
        new ConnectionSettings(
            connection.broker(),
            connection.credentials(),
            connection.tls(),
            connection.timing(),
            FRAMES_IN_FLIGHT,
            WAITING_FRAMES);
    this.bus =
        PahoBus.factory(wide)
            .open(
                Session.of(
                    "chorale-publisher-" + topics.site() + "-crowd",
                    List.of(Subscription.live(topics.resultFilter()))),
                inbox);
  }

  /**
   * Publishes a frame of each camera at once, and waits for the results.
   *
   * @param patienceNanos the longest wait for results
   */
  List<Response> burst(List<String> cameras, List<Bytes> images, long patienceNanos)
      throws MeasurementException, InterruptedException {
    BenchClient.await(inbox, BusEvent.Subscribed.class);
    open.clear();
    refused.set(0);
    for (int i = 0; i < cameras.size(); i++) {
      publish(cameras.get(i), images.get(i % images.size()));
    }
    List<Response> finished = new ArrayList<>();
    long end = System.nanoTime() + patienceNanos;
    while (!open.isEmpty() && end - System.nanoTime() > 0) {
      Optional<BusEvent.Delivered> next =
          BenchClient.next(inbox, BusEvent.Delivered.class, end - System.nanoTime());
      if (next.isPresent()) {
        result(next.get()).ifPresent(finished::add);
      }
    }
    open.forEach(
        (key, since) -> finished.add(new Response(key, 0, patienceNanos, Optional.empty())));
    return finished;
  }

  private void publish(String camera, Bytes image) {
    open.put(RequestKey.of(camera, Optional.empty(), image), System.nanoTime());
    var unused =
        bus.publish(Message.of(topics.image(camera), image))
            .whenComplete(
                (done, error) -> {
                  if (error != null) {
                    refused.incrementAndGet();
                  }
                });
  }

  private Optional<Response> result(BusEvent.Delivered delivered) throws MeasurementException {
    try {
      Result result = codec.decode(delivered.message().payload());
      return Optional.ofNullable(open.remove(result.requestId()))
          .map(
              since ->
                  new Response(
                      result.requestId(),
                      0,
                      delivered.arrivedNanos() - since,
                      Optional.of(result)));
    } catch (MalformedException e) {
      throw new MeasurementException("not a result: " + e.getMessage(), e);
    }
  }

  /** Returns how many frames of the last burst the broker refused. */
  int refused() {
    return refused.get();
  }

  @Override
  public void close() {
    bus.close();
  }
}
