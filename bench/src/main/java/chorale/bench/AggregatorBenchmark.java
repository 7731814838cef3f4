package chorale.bench;

import chorale.protocol.Bytes;
import chorale.protocol.bus.ServiceEndedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A JMH benchmark of the aggregator on requests with five replies each, on one thread and without a
 * broker. Covers the inbox, the request key over the image, decoding of replies, fusion and
 * encoding of results. An operation is one reply.
 */
@State(Scope.Thread)
public class AggregatorBenchmark {
  /** The number of open requests. */
  static final int REQUESTS = 32;

  static final int REPLIES = 5;

  /** Whether the site has reply keys. */
  @Param({"false", "true"})
  public boolean signed;

  private final List<MicroSite.Exchange> exchanges = new ArrayList<>();
  private MicroSite site;

  @Setup
  public void prepare() throws IOException, ServiceEndedException {
    List<Bytes> images = BenchImages.load();
    for (int i = 0; i < REQUESTS; i++) {
      exchanges.add(MicroSite.Exchange.about(images.get(i % images.size()), signed));
    }
    site = new MicroSite(signed);
  }

  @Benchmark
  @OperationsPerInvocation(REQUESTS * REPLIES)
  public long replies() throws ServiceEndedException {
    for (MicroSite.Exchange exchange : exchanges) {
      site.deliver(exchange.frame());
    }
    for (int i = 0; i < REPLIES; i++) {
      for (MicroSite.Exchange exchange : exchanges) {
        site.deliver(exchange.replies().get(i));
      }
    }
    return site.turn(REQUESTS);
  }
}
