package chorale.evaluation.measurement;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Subjects measured side by side: in every round each has its turn, and the next round begins with
 * another, so that whatever slows the machine for a while slows all alike. Ratios are of one round,
 * and their spread over the rounds tells how far they can be trusted. Filled by {@link #run}, then
 * only read.
 */
public final class Rounds {
  private final Map<String, List<Map<String, List<Double>>>> samples = new HashMap<>();

  /** What is measured. */
  public interface Subject {
    String name();

    /**
     * Once: the values of all its measures, by name.
     *
     * @param turn counts up, to choose an image by
     */
    Map<String, Double> sample(int turn) throws MeasurementException, InterruptedException;
  }

  /**
   * How much.
   *
   * @param warmUp rounds that are not kept
   * @param turns of each subject in a round
   */
  public record Extent(int warmUp, int rounds, int turns) {}

  private Rounds() {}

  public static Rounds run(List<? extends Subject> subjects, Extent extent)
      throws MeasurementException, InterruptedException {
    Rounds rounds = new Rounds();
    List<Subject> order = new ArrayList<>(subjects);
    for (int round = -extent.warmUp(); round < extent.rounds(); round++) {
      for (Subject subject : order) {
        Map<String, List<Double>> values = new HashMap<>();
        for (int turn = 0; turn < extent.turns(); turn++) {
          subject
              .sample(turn)
              .forEach(
                  (measure, value) ->
                      values.computeIfAbsent(measure, any -> new ArrayList<>()).add(value));
        }
        if (round >= 0) {
          rounds.samples.computeIfAbsent(subject.name(), any -> new ArrayList<>()).add(values);
        }
      }
      Collections.rotate(order, -1);
    }
    return rounds;
  }

  /** What was measured of a subject in every round, in alphabetical order. */
  public List<String> measures(String subject) {
    List<Map<String, List<Double>>> rounds = samples.getOrDefault(subject, List.of());
    return rounds.stream()
        .flatMap(round -> round.keySet().stream())
        .distinct()
        .filter(measure -> rounds.stream().allMatch(round -> round.containsKey(measure)))
        .sorted()
        .toList();
  }

  /** The median of each round. */
  public List<Double> medians(String subject, String measure) {
    return each(subject, measure, Quantiles::median);
  }

  /** The mean of each round. */
  public List<Double> means(String subject, String measure) {
    return each(subject, measure, Quantiles::mean);
  }

  private List<Double> each(
      String subject, String measure, ToDoubleFunction<List<Double>> summary) {
    return samples.getOrDefault(subject, List.of()).stream()
        .map(round -> summary.applyAsDouble(round.getOrDefault(measure, List.of())))
        .toList();
  }

  /** Every value of all rounds. */
  public List<Double> all(String subject, String measure) {
    return samples.getOrDefault(subject, List.of()).stream()
        .flatMap(round -> round.getOrDefault(measure, List.of()).stream())
        .toList();
  }
}
