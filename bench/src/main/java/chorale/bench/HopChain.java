package chorale.bench;

import chorale.bench.HopClient.Place;
import chorale.bench.HopClient.Work;
import chorale.evaluation.measurement.MeasurementException;
import chorale.evaluation.measurement.Rounds;
import chorale.protocol.Bytes;
import chorale.protocol.bus.BusEvent.Delivered;
import chorale.protocol.bus.BusFactory;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The bare hops of one answer: clients that pass messages on, one after the other, of the sizes
 * that frame, reply and result have, through the broker and the adapter that everything uses, and
 * do nothing else; or the second does the work of a worker before it passes on, and the last hears
 * the frame too, as the aggregator does. One owning thread; each client but the first has a thread
 * or a process of its own.
 */
final class HopChain implements Rounds.Subject, AutoCloseable {
  /** From the first message handed over to the last one read, less the work, in milliseconds. */
  static final String TIME = "time";

  private final String name;
  private final List<Bytes> payloads;
  private final List<Runnable> ends = new ArrayList<>();
  private final HopClient first;

  private HopChain(BusFactory buses, String name, List<Bytes> payloads)
      throws MeasurementException, InterruptedException {
    this.name = name;
    this.payloads = List.copyOf(payloads);
    first = HopClient.open(place(0, false), buses);
  }

  /**
   * A chain that does nothing else.
   *
   * @param name no other chain's
   * @param payloads of the hops, in their order
   */
  static HopChain bare(BusFactory buses, String name, List<Bytes> payloads)
      throws MeasurementException, InterruptedException {
    return threads(buses, new HopChain(buses, name, payloads), () -> {}, false);
  }

  /** A chain that works like a fleet of one variant. */
  static HopChain working(BusFactory buses, String name, List<Bytes> payloads, BareBoard board)
      throws MeasurementException, InterruptedException {
    return threads(buses, new HopChain(buses, name, payloads), () -> board.sample(0), true);
  }

  private static HopChain threads(
      BusFactory buses, HopChain chain, Work work, boolean lastHearsFrame)
      throws MeasurementException, InterruptedException {
    return chain.whole(
        hop -> {
          HopClient client = HopClient.open(chain.place(hop, lastHearsFrame), buses);
          chain.ends.add(client::close);
          Thread thread = client.passOnAside(chain.payloads.get(hop), hop == 1 ? work : () -> {});
          chain.ends.add(thread::interrupt);
        });
  }

  /** The same with each client but the first in a process of its own, as a fleet's are. */
  static HopChain apart(
      BusFactory buses, URI broker, String name, List<Bytes> payloads, Path models, String network)
      throws MeasurementException, InterruptedException {
    HopChain chain = new HopChain(buses, name, payloads);
    return chain.whole(
        hop -> {
          List<String> work = hop == 1 ? List.of(models.toString(), network) : List.of();
          chain.start(HopClient.arguments(chain.place(hop, true), broker, payloads.get(hop), work));
        });
  }

  /** What starts the client of one hop, and adds to {@link #ends} what ends it. */
  private interface Starter {
    void start(int hop) throws MeasurementException, InterruptedException;
  }

  /** This chain once all of its clients have started; none is left if one cannot. */
  private HopChain whole(Starter starter) throws MeasurementException, InterruptedException {
    boolean started = false;
    try {
      for (int hop = 1; hop < payloads.size(); hop++) {
        starter.start(hop);
      }
      started = true;
      return this;
    } finally {
      if (!started) {
        close();
      }
    }
  }

  private Place place(int hop, boolean lastHearsFrame) {
    int hops = payloads.size();
    return new Place(name, hop, hops, lastHearsFrame && hop == hops - 1);
  }

  private void start(List<String> arguments) throws MeasurementException {
    try {
      Process process = OwnProcess.start(HopClient.class, arguments);
      ends.add(process::destroy);
      if (process.getInputStream().read() < 0) {
        throw new MeasurementException("a process of the bare hops ended");
      }
    } catch (IOException e) {
      throw new MeasurementException("the bare hops' processes: " + e.getMessage(), e);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Map<String, Double> sample(int turn) throws MeasurementException, InterruptedException {
    long start = System.nanoTime();
    first.say(payloads.get(0), 0);
    Delivered end =
        first
            .next()
            .orElseThrow(() -> new MeasurementException("a message of the bare hops is lost"));
    return Map.of(TIME, (end.arrivedNanos() - start - HopClient.workedNanos(end)) / 1e6);
  }

  /** Lets it pass on so many: Java compiles for long what is called once a message. */
  void warmUp(int messages) throws MeasurementException, InterruptedException {
    for (int i = 0; i < messages; i++) {
      var unused = sample(i);
    }
  }

  @Override
  public void close() {
    ends.forEach(Runnable::run);
    first.close();
  }
}
