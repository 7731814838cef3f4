package chorale.monitoring;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/**
 * Metrics of a site's results since the start of this process, by status and response time.
 * Thread-safe.
 */
public final class ResultMeters {
  private static final Duration[] BUCKETS =
      LongStream.of(5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 60_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<String, Counter> results = new HashMap<>();
  private final Timer responses;

  /**
   * @param statuses all statuses of results
   */
  public ResultMeters(String site, List<String> statuses) {
    registry.config().commonTags("site", site);
    for (String status : statuses) {
      results.put(
          status,
          Counter.builder("chorale_site_results")
              .description("Results that were published, by status.")
              .tag("status", status)
              .register(registry));
    }
    responses =
        Timer.builder("chorale_site_response")
            .description("Time from a frame's arrival at the aggregator to its result.")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
  }

  public void result(String status, double responseMillis) {
    results.get(status).increment();
    responses.record((long) (responseMillis * 1_000), TimeUnit.MICROSECONDS);
  }

  /** Returns the metrics in Prometheus' text format. */
  public String text() {
    return registry.scrape();
  }
}
