package chorale.monitoring;

import io.micrometer.core.instrument.Tag;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The mapping from counters on health topics (docs/protocol.md) to metrics (docs/monitoring.md). A
 * counter without a rule keeps its name. Stateless.
 */
final class CounterNames {
  private static final double MICROS = 1e-6;
  private static final double MILLIS = 1e-3;

  private static final List<Rule> RULES =
      List.of(
          // of every service
          gauge(".*", "resident_bytes", "resident_bytes", "Resident memory of the process."),
          gauge(".*", "heap_bytes", "heap_bytes", "Memory that Java's heap uses."),
          rule(".*", "inbox_dropped", "inbox_dropped", "Messages dropped from a full inbox."),
          rule(".*", "publish_failed", "publish_failed", "Messages that could not be published."),
          // workers
          rule("worker", "received", "frames_received", "Frames that arrived."),
          rule("worker", "answered", "frames_answered", "Frames that were answered."),
          rule("worker", "bad_requests", "frames_bad", "Frames with a bad request."),
          rule("worker", "failed_(.+)", "frames_failed", "Frames answered with an error.", "error"),
          rule("worker", "ignored_(.+)", "frames_ignored", "Frames ignored.", "reason"),
          gauge("worker", "waiting", "frames_waiting", "Frames waiting or in progress."),
          rule("worker", "queue_micros_total", "queue_seconds", "Time that frames waited.")
              .scaled(MICROS),
          rule("worker", "inference_micros_total", "inference_seconds", "Time spent on frames.")
              .scaled(MICROS),
          gauge(
                  "worker",
                  "temperature_millicelsius",
                  "temperature_celsius",
                  "Hottest thermal zone.")
              .scaled(MILLIS),
          // aggregators
          rule("aggregator", "received", "replies_received", "Replies that arrived."),
          rule(
              "aggregator",
              "(malformed|foreign|unsigned|forged|replayed|checked|excluded|unasked|late|duplicate|redundant"
                  + "|failed|accepted|unknown)",
              "replies",
              "Replies by outcome.",
              "outcome"),
          gauge("aggregator", "waiting_replies", "replies_waiting", "Replies without a frame yet."),
          rule("aggregator", "frames", "frames_received", "Frames that arrived."),
          rule("aggregator", "frames_(.+)", "frames", "Frames by outcome.", "outcome"),
          rule(
              "aggregator",
              "decided_(.+)",
              "windows_decided",
              "Windows by the reason for closing.",
              "by"),
          rule(
              "aggregator",
              "(answered|partial|unsure|no_answer)",
              "results",
              "Results published, by status.",
              "status"),
          rule(
              "aggregator",
              "replicas_(agreed|disagreed)",
              "replicas_compared",
              "Replies of replicas that were compared.",
              "outcome"),
          rule(
              "aggregator",
              "checks_(right|wrong)",
              "boards_checked",
              "Checks of boards by outcome.",
              "outcome"),
          gauge("aggregator", "quarantined", "workers_quarantined", "Workers in quarantine."),
          gauge("aggregator", "open_windows", "windows_open", "Windows that are open."),
          gauge("aggregator", "remembered", "results_remembered", "Results kept for retries."),
          gauge("aggregator", "roster", "workers_known", "Workers on the roster."),
          gauge(
              "aggregator",
              "outvoted",
              "workers_outvoted",
              "Workers whose votes the rule agreement does not fuse."),
          gauge(
              "aggregator",
              "cameras",
              "cameras_known",
              "Cameras with recent answers, if the steady class is on."),
          // the broker
          rule(
              "broker",
              "(dropped|expired|refused)",
              "messages_lost",
              "Messages that were not passed on.",
              "reason"),
          rule("broker", "failed_logins", "logins_failed", "Logins with a wrong password."),
          gauge(
              "broker",
              "queued_bytes",
              "queued_bytes",
              "Memory of messages that wait for clients."),
          gauge("broker", "retained_bytes", "retained_bytes", "Memory of retained messages."));

  /** A valid name for a metric. */
  private static final Pattern FIT = Pattern.compile("[a-z][a-z0-9_]{0,62}[a-z0-9]");

  /**
   * The metric of a counter.
   *
   * @param name without prefix, and without the suffix {@code _total}
   * @param scale factor from the counter's unit to the base unit
   */
  record Metric(String name, String help, boolean isCounter, double scale, Optional<Tag> label) {}

  private record Rule(Pattern role, Pattern key, Metric metric, String label) {
    Rule scaled(double scale) {
      return new Rule(
          role,
          key,
          new Metric(metric.name(), metric.help(), metric.isCounter(), scale, Optional.empty()),
          label);
    }
  }

  private CounterNames() {}

  private static Rule rule(String role, String key, String name, String help, String... label) {
    return rule(role, key, new Metric(name, help, true, 1, Optional.empty()), label);
  }

  private static Rule gauge(String role, String key, String name, String help) {
    return rule(role, key, new Metric(name, help, false, 1, Optional.empty()));
  }

  private static Rule rule(String role, String key, Metric metric, String... label) {
    return new Rule(
        Pattern.compile(role), Pattern.compile(key), metric, label.length > 0 ? label[0] : "");
  }

  /** Returns the metric of a counter; empty if the counter's name is not valid for a metric. */
  static Optional<Metric> of(String role, String key) {
    if (!FIT.matcher(key).matches()) {
      return Optional.empty();
    }
    for (Rule rule : RULES) {
      Matcher matcher = rule.key().matcher(key);
      if (rule.role().matcher(role).matches() && matcher.matches()) {
        Metric metric = rule.metric();
        Optional<Tag> label =
            rule.label().isEmpty()
                ? Optional.empty()
                : Optional.of(Tag.of(rule.label(), matcher.group(1)));
        return Optional.of(
            new Metric(
                role + '_' + metric.name(),
                metric.help(),
                metric.isCounter(),
                metric.scale(),
                label));
      }
    }
    String help = "Counter " + key + " of the health topic.";
    return Optional.of(new Metric(role + '_' + key, help, true, 1, Optional.empty()));
  }
}
