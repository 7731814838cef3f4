package chorale.monitoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests the text format. scripts/proof-metrics also checks it with promtool. */
final class ScrapeTest {
  private static String worker(Map<String, Long> counters) {
    Scrape scrape = new Scrape("home");
    scrape.service("worker", "pi-V1", 90, counters);
    return scrape.text();
  }

  private static void assertLine(String line, String text) {
    assertTrue(text.lines().anyMatch(line::equals), () -> line + " is not in\n" + text);
  }

  @Test
  void service_ofAWorker_hasUnitsLabelsAndHelp() {
    String text =
        worker(
            Map.of(
                "answered", 7L,
                "failed_overloaded", 2L,
                "failed_damaged", 1L,
                "inference_micros_total", 1_500_000L,
                "resident_bytes", 150_000_000L,
                "temperature_millicelsius", 61_500L));

    assertLine("chorale_worker_frames_answered_total{site=\"home\",worker=\"pi-V1\"} 7.0", text);
    assertLine(
        "chorale_worker_frames_failed_total{error=\"overloaded\",site=\"home\",worker=\"pi-V1\"}"
            + " 2.0",
        text);
    assertLine("chorale_worker_inference_seconds_total{site=\"home\",worker=\"pi-V1\"} 1.5", text);
    assertLine("chorale_worker_resident_bytes{site=\"home\",worker=\"pi-V1\"} 1.5E8", text);
    assertLine("chorale_worker_temperature_celsius{site=\"home\",worker=\"pi-V1\"} 61.5", text);
    assertLine("chorale_worker_uptime_seconds{site=\"home\",worker=\"pi-V1\"} 90.0", text);
    assertLine("# TYPE chorale_worker_frames_failed_total counter", text);
    assertLine("# HELP chorale_worker_frames_answered_total Frames that were answered.", text);
  }

  @Test
  void service_unknownCounter_keepsItsName() {
    assertLine(
        "chorale_worker_frames_skipped_total{site=\"home\",worker=\"pi-V1\"} 3.0",
        worker(Map.of("frames_skipped", 3L)));
  }

  @Test
  void service_invalidNames_areOmitted() {
    String text =
        worker(
            Map.of(
                "a b", 1L, "x{y=\"z\"} 1\nchorale_evil 1", 1L, "UPPER", 1L, "", 1L, "ok_name", 5L));

    assertFalse(text.contains("evil"), text);
    assertEquals(
        List.of("chorale_worker_ok_name_total", "chorale_worker_uptime_seconds"),
        text.lines()
            .filter(line -> !line.startsWith("#"))
            .map(line -> line.replaceAll("[{].*", ""))
            .sorted()
            .toList());
  }

  /** A counter that collides with the name of a labeled metric must not suppress the others. */
  @Test
  void service_collidingName_keepsTheOthers() {
    String text = worker(Map.of("failed_internal", 1L, "frames_failed", 4L, "answered", 2L));

    assertLine("chorale_worker_frames_answered_total{site=\"home\",worker=\"pi-V1\"} 2.0", text);
  }

  @Test
  void labels_withQuotesAndLineFeeds_areEscaped() {
    Scrape scrape = new Scrape("home");
    scrape.up("worker", "pi", true, "variant", "V1\"} 0\nevil 1");

    assertFalse(scrape.text().lines().anyMatch(line -> line.startsWith("evil")), scrape.text());
  }

  @Test
  void aggregator_outcomesAndStatuses_areLabels() {
    Scrape scrape = new Scrape("home");
    scrape.service(
        "aggregator",
        "hub",
        1,
        Map.of("late", 3L, "unsure", 4L, "decided_deadline", 5L, "frames", 6L, "frames_bad", 1L));
    String text = scrape.text();

    assertLine(
        "chorale_aggregator_replies_total{aggregator=\"hub\",outcome=\"late\",site=\"home\"} 3.0",
        text);
    assertLine(
        "chorale_aggregator_results_total{aggregator=\"hub\",site=\"home\",status=\"unsure\"} 4.0",
        text);
    assertLine(
        "chorale_aggregator_windows_decided_total{aggregator=\"hub\",by=\"deadline\",site=\"home\"}"
            + " 5.0",
        text);
    assertLine(
        "chorale_aggregator_frames_received_total{aggregator=\"hub\",site=\"home\"} 6.0", text);
    assertLine(
        "chorale_aggregator_frames_total{aggregator=\"hub\",outcome=\"bad\",site=\"home\"} 1.0",
        text);
  }

  @Test
  void results_areCountedByStatusAndTime() {
    ResultMeters meters = new ResultMeters("home", List.of("answered", "unsure"));
    meters.result("answered", 15);
    meters.result("answered", 300);

    String text = meters.text();
    assertLine("chorale_site_results_total{site=\"home\",status=\"answered\"} 2.0", text);
    assertLine("chorale_site_results_total{site=\"home\",status=\"unsure\"} 0.0", text);
    assertLine("chorale_site_response_seconds_bucket{site=\"home\",le=\"0.02\"} 1", text);
    assertLine("chorale_site_response_seconds_bucket{site=\"home\",le=\"0.5\"} 2", text);
    assertLine("chorale_site_response_seconds_count{site=\"home\"} 2", text);
    assertLine("chorale_site_response_seconds_sum{site=\"home\"} 0.315", text);
  }
}
