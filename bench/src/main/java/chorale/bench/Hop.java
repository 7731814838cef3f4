package chorale.bench;

import chorale.bench.Figure.Target;
import chorale.evaluation.measurement.MeasurementException;
import chorale.evaluation.measurement.Rounds;
import chorale.mqtt.PahoBus;
import chorale.protocol.Bytes;
import chorale.protocol.Message;
import chorale.protocol.MessageProperties;
import chorale.protocol.Qos;
import chorale.protocol.Topics;
import chorale.protocol.bus.ConnectionSettings;
import chorale.site.LocalBroker;
import chorale.site.SiteException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * One hop: a frame published to the same frame in the hands of another client's thread, with the
 * product's bus, with HiveMQ's client in place of Paho, and as an echo over a bare socket.
 */
final class Hop implements Part {
  private static final int PAYLOAD_BYTES = 10 * 1024;
  private static final int BLOCK = 20;

  /** A camera does not publish the next frame the moment the last has arrived. */
  private static final long PAUSE_NANOS = 1_000_000;

  private static final double MOST_OVER_HIVEMQ = 1.1;

  /** The ways across, by what they are called in the table. */
  private static final String OURS = "ours";

  private static final String HIVEMQ = "HiveMQ's client";
  private static final String ECHO = "bare socket";

  @Override
  public String name() {
    return "hop";
  }

  @Override
  public String about() {
    return "10 KB published to received by another client, against HiveMQ's client and a bare"
        + " socket";
  }

  @Override
  public Findings run(Settings settings) throws BenchException, InterruptedException {
    List<Figure> figures = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    try (LocalBroker broker =
        LocalBroker.start(settings.broker(), Files.createTempDirectory("chorale-bench-hop-"))) {
      for (Qos qos : List.of(Qos.AT_LEAST_ONCE, Qos.AT_MOST_ONCE)) {
        figures.addAll(compare(broker.uri(), qos, settings));
      }
      notes.add(
          "broker: %s; %d bytes with a frame's properties, one at a time with a pause of 1 ms, in turns of %d"
              .formatted(settings.broker(), PAYLOAD_BYTES, BLOCK));
    } catch (IOException | MeasurementException | SiteException e) {
      throw new BenchException("hop: " + e.getMessage(), e);
    }
    notes.add(
        "received: in the hands of the thread that waits at the inbox, the same one for both"
            + " clients");
    notes.add("frames travel at least once unless a camera chooses otherwise");
    return new Findings(figures, List.of(), notes);
  }

  /**
   * A way across, timed. The ways take turns after a few messages: where the threads come to lie on
   * the cores decides more than the client does, and lasts for hundreds of messages.
   */
  private record Crossing(String name, Wire wire) implements Rounds.Subject {
    private static final String HOP = "hop";

    @Override
    public Map<String, Double> sample(int turn) throws MeasurementException, InterruptedException {
      LockSupport.parkNanos(PAUSE_NANOS);
      long started = System.nanoTime();
      wire.cross();
      return Map.of(HOP, (System.nanoTime() - started) / 1e6);
    }
  }

  private static List<Figure> compare(URI broker, Qos qos, Settings settings)
      throws IOException, MeasurementException, InterruptedException {
    try (Wire ours =
            new BusWire(PahoBus.factory(ConnectionSettings.of(broker)), frame("ours", qos));
        Wire hiveMq = new HiveMqWire(broker, frame("hivemq", qos));
        Wire echo = new EchoWire(PAYLOAD_BYTES)) {
      List<Crossing> ways =
          List.of(new Crossing(OURS, ours), new Crossing(HIVEMQ, hiveMq), new Crossing(ECHO, echo));
      Rounds unused = Rounds.run(ways, round(settings));
      Map<String, List<Double>> medians = new LinkedHashMap<>();
      for (int i = 0; i < settings.either(12, 2); i++) {
        Rounds round = Rounds.run(ways, round(settings));
        for (Crossing way : ways) {
          medians
              .computeIfAbsent(way.name(), any -> new ArrayList<>())
              .add(median(round.all(way.name(), Crossing.HOP)));
        }
      }
      return figures(medians, qos == Qos.AT_LEAST_ONCE ? "hop at least once" : "hop at most once");
    }
  }

  private static Rounds.Extent round(Settings settings) {
    return new Rounds.Extent(0, settings.either(15, 2), BLOCK);
  }

  private static double median(List<Double> values) {
    return Spread.medianOf(values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private static Message frame(String camera, Qos qos) {
    byte[] payload = new byte[PAYLOAD_BYTES];
    new Random(1).nextBytes(payload);
    MessageProperties properties =
        MessageProperties.NONE
            .withCorrelation(Optional.of(Bytes.utf8("bench-hop-frame.")))
            .withContentType("image/jpeg")
            .withExpirySeconds(10);
    return new Message(
        new Topics("hop").image(camera), Bytes.wrap(payload), qos, false, properties);
  }

  private static List<Figure> figures(Map<String, List<Double>> medians, String what) {
    List<Figure> figures = new ArrayList<>();
    medians.forEach(
        (name, each) -> figures.add(Figure.known(what + ", " + name, "ms", Spread.of(each))));
    figures.add(
        Figure.judged(
            what + ", ours / HiveMQ's client",
            "x",
            Target.atMost(MOST_OVER_HIVEMQ),
            Spread.of(Ratios.of(medians.get(OURS), medians.get(HIVEMQ)))));
    return figures;
  }
}
