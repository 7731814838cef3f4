package chorale.dashboard;

import chorale.monitoring.ResultMeters;
import chorale.monitoring.Scrape;
import chorale.protocol.Bytes;
import chorale.protocol.ProcessFigures;
import chorale.protocol.Result;
import chorale.protocol.Role;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The metrics of a whole site (docs/monitoring.md). Thread-safe. */
final class SiteMetrics {
  private static final double SECONDS = 1e-3;

  private final ResultMeters results;

  SiteMetrics(String site) {
    results =
        new ResultMeters(
            site, Stream.of(Result.Status.values()).map(Result.Status::label).toList());
  }

  /** Counts a result on arrival. */
  void result(Result result) {
    results.result(result.status().label(), result.latencyMillis());
  }

  /**
   * Returns the metrics in Prometheus' text format.
   *
   * @param openPages of this dashboard
   * @param uptimeSeconds of this dashboard
   */
  Bytes text(SiteSnapshot site, int openPages, long uptimeSeconds) {
    Scrape scrape = new Scrape(site.site());
    scrape.up("dashboard", "", site.link().connected());
    Map<String, Long> own = new TreeMap<>(Map.of("messages_malformed", site.malformed()));
    ProcessFigures.addMemory(own);
    scrape.service("dashboard", "", uptimeSeconds, own);
    scrape.gauge("dashboard_pages_open", "Open pages.", openPages);
    for (SiteSnapshot.Board board : site.boards()) {
      service(scrape, Role.WORKER, board.service(), "variant", board.variant());
    }
    for (SiteSnapshot.Aggregator aggregator : site.aggregators()) {
      service(scrape, Role.AGGREGATOR, aggregator.service());
      scrape.gauge(
          "aggregator_cameras_led",
          "Cameras for which the aggregator publishes results.",
          aggregator.leads().size(),
          "aggregator",
          aggregator.service().name());
    }
    site.broker()
        .ifPresent(
            broker -> scrape.service("broker", "", broker.uptimeSeconds(), broker.counters()));
    for (SiteSnapshot.Camera camera : site.cameras()) {
      scrape.gauge(
          "camera_last_result_timestamp_seconds",
          "Unix time of the camera's last result.",
          camera.resultMillis() * SECONDS,
          "camera",
          camera.name());
    }
    return Bytes.utf8(scrape.text() + results.text());
  }

  private static void service(
      Scrape scrape, Role role, SiteSnapshot.Service service, String... labels) {
    scrape.up(role.label(), service.name(), service.isOnline(), labels);
    scrape.gauge(
        role.label() + "_last_heard_timestamp_seconds",
        "Unix time of the service's last message.",
        service.heardMillis() * SECONDS,
        role.label(),
        service.name());
    scrape.service(role.label(), service.name(), service.uptimeSeconds(), service.counters());
  }
}
