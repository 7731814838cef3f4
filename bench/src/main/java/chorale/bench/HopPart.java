package chorale.bench;

import chorale.bench.Figure.Target;
import chorale.evaluation.measurement.MeasurementException;
import chorale.evaluation.measurement.Rounds;
import chorale.protocol.Bytes;
import chorale.protocol.Message;
import chorale.protocol.MessageProperties;
import chorale.protocol.Qos;
import chorale.protocol.Topics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * A measurement of one hop: the time from publishing a frame until another client's thread has it.
 * Compares the product's bus, HiveMQ's client instead of Paho, and an echo over a bare socket.
 */
final class HopPart extends BenchPart {
  private static final int PAYLOAD_BYTES = 10 * 1024;
  private static final int BLOCK = 20;

  /** The pause between frames, because a camera does not publish without pause. */
  private static final long PAUSE_NANOS = 1_000_000;

  private static final Target OVER_HIVEMQ = Target.atMost(1.1);

  /** The names of the wires in the table. */
  private static final String OURS = "ours";

  private static final String HIVEMQ = "HiveMQ's client";
  private static final String ECHO = "bare socket";

  HopPart() {
    super("hop", "10 KB from one client to another, against HiveMQ's client and a bare socket");
  }

  @Override
  Findings run(BenchSettings settings) throws Exception {
    FigureList figures = new FigureList();
    try (BenchBroker broker = BenchBroker.start(settings)) {
      for (Qos qos : List.of(Qos.AT_LEAST_ONCE, Qos.AT_MOST_ONCE)) {
        String name = qos == Qos.AT_LEAST_ONCE ? "hop at least once" : "hop at most once";
        addTo(figures, name, medians(broker, qos, settings));
      }
    }
    return new Findings(
        figures.figures(),
        List.of(),
        List.of(
            ("broker: %s; %d bytes with a frame's properties, one by one with pauses of 1 ms, in"
                    + " blocks of %d")
                .formatted(settings.broker(), PAYLOAD_BYTES, BLOCK),
            "A frame counts as received when the waiting thread takes it from the inbox. Both"
                + " clients use the same kind of inbox.",
            "frames are sent at least once (QoS 1) unless a camera chooses otherwise"));
  }

  private static void addTo(FigureList figures, String hop, Map<String, List<Double>> medians) {
    medians.forEach((way, each) -> figures.known(hop + ", " + way, "ms", each));
    figures.judged(
        hop + ", ours / HiveMQ's client",
        "x",
        OVER_HIVEMQ,
        FigureList.ratios(medians.get(OURS), medians.get(HIVEMQ)));
  }

  /**
   * A timed wire. The wires take turns every few messages, because the placement of threads on
   * cores has more effect than the client, and lasts for hundreds of messages.
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

  /** Returns the medians of repeated runs, by wire. */
  private static Map<String, List<Double>> medians(
      BenchBroker broker, Qos qos, BenchSettings settings)
      throws IOException, MeasurementException, InterruptedException {
    Rounds.Extent extent = new Rounds.Extent(0, settings.either(15, 2), BLOCK);
    Map<String, List<Double>> medians = new LinkedHashMap<>();
    try (Wire ours = new BusWire(broker.buses(), frame("ours", qos));
        Wire hiveMq = new HiveMqWire(broker.uri(), frame("hivemq", qos));
        Wire echo = new EchoWire(PAYLOAD_BYTES)) {
      List<Crossing> ways =
          List.of(new Crossing(OURS, ours), new Crossing(HIVEMQ, hiveMq), new Crossing(ECHO, echo));
      Rounds unused = Rounds.run(ways, extent);
      for (int i = 0; i < settings.either(12, 2); i++) {
        Rounds round = Rounds.run(ways, extent);
        for (Crossing way : ways) {
          medians
              .computeIfAbsent(way.name(), any -> new ArrayList<>())
              .add(Spread.of(round.all(way.name(), Crossing.HOP)).median());
        }
      }
    }
    return medians;
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
}
