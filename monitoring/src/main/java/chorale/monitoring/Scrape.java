package chorale.monitoring;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;

/**
 * A snapshot of the metrics of services in Prometheus' text format. Used once, so that it never
 * reports services that are gone. One owning thread.
 */
public final class Scrape {
  private static final String PREFIX = "chorale_";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Tags site;

  /**
   * @param site the value of the label {@code site} of all metrics; no label if empty
   */
  public Scrape(String site) {
    this.site = label("site", site);
  }

  private static Tags label(String name, String value) {
    return value.isEmpty() ? Tags.empty() : Tags.of(name, value);
  }

  /** Adds whether a service is online. Further labels are pairs of name and value. */
  public void up(String role, String name, boolean up, String... labels) {
    gauge(
        role + "_up",
        "Whether the service is connected to the broker, 1 or 0.",
        up ? 1 : 0,
        label(role, name).and(labels));
  }

  /**
   * Adds the counters from a service's health topic. Skips counters whose names are not valid for
   * metrics.
   *
   * @param role worker, aggregator, broker or dashboard
   * @param name the value of the label named {@code role}; no label if empty
   */
  public void service(String role, String name, long uptimeSeconds, Map<String, Long> counters) {
    Tags tags = label(role, name);
    gauge(role + "_uptime_seconds", "Time since the start.", (double) uptimeSeconds, tags);
    counters.forEach(
        (key, value) ->
            CounterNames.of(role, key).ifPresent(metric -> figure(metric, value, tags)));
  }

  private void figure(CounterNames.Metric metric, long value, Tags tags) {
    Tags all = metric.label().isPresent() ? tags.and(metric.label().get()) : tags;
    if (metric.isCounter()) {
      counter(metric.name(), metric.help(), value * metric.scale(), all);
    } else {
      gauge(metric.name(), metric.help(), value * metric.scale(), all);
    }
  }

  public void gauge(String name, String help, double value, String... labels) {
    gauge(name, help, value, Tags.of(labels));
  }

  private void gauge(String name, String help, double value, Tags tags) {
    Gauge.builder(PREFIX + name, () -> value)
        .description(help)
        .tags(site.and(tags))
        .register(registry);
  }

  /**
   * @param name without the suffix {@code _total}, which the format adds
   */
  public void counter(String name, String help, double value, String... labels) {
    counter(name, help, value, Tags.of(labels));
  }

  private void counter(String name, String help, double value, Tags tags) {
    Counter.builder(PREFIX + name)
        .description(help)
        .tags(site.and(tags))
        .register(registry)
        .increment(value);
  }

  public String text() {
    return registry.scrape();
  }
}
