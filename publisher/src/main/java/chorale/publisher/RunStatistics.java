package chorale.publisher;

import chorale.protocol.Result;
import chorale.publisher.PublishReport.Latency;
import chorale.publisher.PublishReport.Traffic;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/** The running totals for a {@link PublishReport}, in bounded memory. Not thread-safe. */
final class RunStatistics {
  private final Map<Result.Status, Long> byStatus = new EnumMap<>(Result.Status.class);
  private final Histogram latencyMicros = new Histogram(3);
  private long requests;
  private long imageBytes;
  private long frameBytes;
  private long results;
  private long duplicates;
  private long labeled;
  private long correct;

  void published(int imageSize, int frameSize) {
    requests++;
    imageBytes += imageSize;
    frameBytes += frameSize;
  }

  void duplicate() {
    duplicates++;
  }

  void finished(Outcome outcome) {
    if (outcome.result().isPresent()) {
      results++;
      byStatus.merge(outcome.result().get().status(), 1L, Long::sum);
      latencyMicros.recordValue(Math.max(0, outcome.latencyNanos() / 1_000));
    }
    if (outcome.correct().isPresent()) {
      labeled++;
      correct += outcome.correct().get() ? 1 : 0;
    }
  }

  PublishReport report() {
    return new PublishReport(
        requests,
        results,
        duplicates,
        byStatus.getOrDefault(Result.Status.ANSWERED, 0L),
        byStatus.getOrDefault(Result.Status.PARTIAL, 0L),
        byStatus.getOrDefault(Result.Status.UNSURE, 0L),
        byStatus.getOrDefault(Result.Status.NO_ANSWER, 0L),
        labeled,
        correct,
        new Traffic(imageBytes, frameBytes),
        results == 0
            ? Optional.empty()
            : Optional.of(
                new Latency(
                    latencyMicros.getMean() / 1e3,
                    millisAt(50),
                    millisAt(90),
                    millisAt(99),
                    latencyMicros.getMaxValue() / 1e3)));
  }

  private double millisAt(double percentile) {
    return latencyMicros.getValueAtPercentile(percentile) / 1e3;
  }
}
