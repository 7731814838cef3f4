package chorale.dashboard;

import chorale.protocol.PrintableText;
import chorale.protocol.Result;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * The results of the last hour in steps of {@value #STEP_SECONDS} s: counts by status, response
 * times and votes by variant. Bounded in time and in variants. Owned by the dashboard's thread.
 */
final class HourHistory {
  static final int STEP_SECONDS = 10;
  static final int STEPS = 3600 / STEP_SECONDS;

  /** Maximum number of variants; votes of further ones are ignored. */
  static final int MAX_VARIANTS = 16;

  private static final long STEP_MILLIS = STEP_SECONDS * 1_000L;
  private static final long MAX_MICROS = 600_000_000;

  private final ArrayDeque<Step> steps = new ArrayDeque<>();
  private final List<String> variants = new ArrayList<>();

  private final Histogram latencies = new Histogram(MAX_MICROS, 2);
  private final Map<Result.Status, Long> statuses = new EnumMap<>(Result.Status.class);
  private final Map<String, Long> votes = new LinkedHashMap<>();
  private long stepMillis;

  /**
   * The results of one step.
   *
   * @param startMillis since the epoch
   * @param statuses results by status, in the order of {@link Result.Status}
   * @param p50Millis 0 without results
   * @param votes by variant, in the order of the variants known at its end
   */
  record Step(
      long startMillis, List<Long> statuses, double p50Millis, double p99Millis, List<Long> votes) {
    Step {
      statuses = List.copyOf(statuses);
      votes = List.copyOf(votes);
    }

    long results() {
      return statuses.stream().mapToLong(Long::longValue).sum();
    }
  }

  /** The current results per second and their response times. */
  record Pulse(double rate, double p50Millis, double p99Millis) {}

  HourHistory(long nowMillis) {
    stepMillis = nowMillis;
  }

  void result(Result result) {
    statuses.merge(result.status(), 1L, Long::sum);
    double micros = result.latencyMillis() * 1_000;
    latencies.recordValue((long) Math.max(0, Math.min(MAX_MICROS, micros)));
    for (Result.Answered vote : result.answered()) {
      String variant = vote.variant();
      if (!variants.contains(variant) && variants.size() < MAX_VARIANTS) {
        variants.add(variant);
      }
      if (variants.contains(variant)) {
        votes.merge(variant, 1L, Long::sum);
      }
    }
  }

  /** Returns the end of the current step, in milliseconds since the epoch. */
  long dueMillis() {
    return stepMillis + STEP_MILLIS;
  }

  /**
   * Closes the current step if it is over. After a jump of the clock, a new step starts at once.
   */
  Optional<Step> closeDue(long nowMillis) {
    if (nowMillis < dueMillis() && nowMillis >= stepMillis) {
      return Optional.empty();
    }
    Step closed = current();
    while (!steps.isEmpty() && steps.getLast().startMillis() >= closed.startMillis()) {
      steps.removeLast(); // the clock was set back
    }
    steps.addLast(closed);
    if (steps.size() > STEPS) {
      steps.removeFirst();
    }
    latencies.reset();
    statuses.clear();
    votes.clear();
    boolean onTime = nowMillis >= stepMillis && nowMillis < dueMillis() + STEP_MILLIS;
    stepMillis = onTime ? dueMillis() : nowMillis;
    return Optional.of(closed);
  }

  /**
   * Returns the current rate and times, those of the current step if this is the first or at least
   * half over. Otherwise the rate covers both steps, and the times only the previous one.
   */
  Pulse pulse(long nowMillis) {
    Step now = current();
    double seconds = Math.max(1, (nowMillis - stepMillis) / 1_000.0);
    Step last = steps.peekLast();
    if (last == null || seconds * 2 >= STEP_SECONDS) {
      return new Pulse(now.results() / seconds, now.p50Millis(), now.p99Millis());
    }
    double rate = (now.results() + last.results()) / (seconds + STEP_SECONDS);
    return new Pulse(rate, last.p50Millis(), last.p99Millis());
  }

  private Step current() {
    List<Long> byStatus = new ArrayList<>();
    for (Result.Status status : Result.Status.values()) {
      byStatus.add(statuses.getOrDefault(status, 0L));
    }
    return new Step(
        stepMillis,
        byStatus,
        percentile(50),
        percentile(99),
        variants.stream().map(each -> votes.getOrDefault(each, 0L)).toList());
  }

  private double percentile(double which) {
    return latencies.getTotalCount() == 0 ? 0 : latencies.getValueAtPercentile(which) / 1_000.0;
  }

  List<String> variants() {
    return List.copyOf(variants);
  }

  List<Step> steps() {
    return List.copyOf(steps);
  }

  void write(JsonGenerator json) throws IOException {
    json.writeNumberField("step", STEP_SECONDS);
    json.writeNumberField("max", STEPS);
    writeVariants(json);
    json.writeArrayFieldStart("rows");
    for (Step step : steps) {
      write(json, step);
    }
    json.writeEndArray();
  }

  void writeVariants(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("variants");
    for (String variant : variants) {
      json.writeString(PrintableText.line(variant, 64));
    }
    json.writeEndArray();
  }

  /** Writes one row: time, the four statuses, p50, p99, then votes by variant. */
  static void write(JsonGenerator json, Step step) throws IOException {
    json.writeStartArray();
    json.writeNumber(step.startMillis());
    for (long count : step.statuses()) {
      json.writeNumber(count);
    }
    json.writeNumber(CameraCard.number(step.p50Millis()));
    json.writeNumber(CameraCard.number(step.p99Millis()));
    for (long count : step.votes()) {
      json.writeNumber(count);
    }
    json.writeEndArray();
  }
}
