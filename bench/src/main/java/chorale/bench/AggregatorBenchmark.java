package chorale.bench;

import chorale.evaluation.measurement.MeasurementException;
import chorale.protocol.Bytes;
import chorale.protocol.bus.ServiceEndedException;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The aggregator's whole work on requests of five replies each, on one thread and without a broker:
 * frame and replies out of its inbox, the request's key computed over the image, replies decoded,
 * votes fused, results encoded. An operation is one reply. JMH makes it and calls it from one
 * thread.
 */
@State(Scope.Thread)
public class AggregatorBenchmark {
  /** Requests open at once. */
  static final int REQUESTS = 32;

  static final int REPLIES = 5;

  private final List<MicroSite> sites = new ArrayList<>();
  private MicroSite.Running aggregator;

  @Setup
  public void prepare() throws MeasurementException, ServiceEndedException {
    List<Bytes> images = BenchImages.load();
    for (int i = 0; i < REQUESTS; i++) {
      sites.add(new MicroSite(images.get(i % images.size())));
    }
    aggregator = MicroSite.aggregator();
  }

  @Benchmark
  @OperationsPerInvocation(REQUESTS * REPLIES)
  public long replies() throws ServiceEndedException {
    for (MicroSite site : sites) {
      aggregator.deliver(site.frame());
    }
    for (int variant = 1; variant <= REPLIES; variant++) {
      for (MicroSite site : sites) {
        aggregator.deliver(site.replyMessage(variant));
      }
    }
    return aggregator.turn(REQUESTS);
  }
}
