package chorale.evaluation.measurement;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Interleaved measurements of several subjects. Each subject has one turn per round, and the order
 * rotates every round, so that temporary slowdowns of the machine affect all subjects alike. Ratios
 * compare values of one round; their spread over the rounds shows their reliability. Filled by
 * {@link #run}, then read-only.
 */
public final class Rounds {
  private final Map<String, List<Map<String, List<Double>>>> samples = new HashMap<>();

  /** A system to measure. */
  public interface Subject {
    String name();

    /**
     * Measures once and returns the value of each measure by name.
     *
     * @param turn counts up; selects an image
     */
    Map<String, Double> sample(int turn) throws MeasurementException, InterruptedException;
  }

  /**
   * The length of a measurement.
   *
   * @param warmUp rounds to discard
   * @param turns per subject and round
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

  /** Returns the measures that every round of a subject has, in alphabetical order. */
  public List<String> measures(String subject) {
    List<Map<String, List<Double>>> rounds = samples.getOrDefault(subject, List.of());
    return rounds.stream()
        .flatMap(round -> round.keySet().stream())
        .distinct()
        .filter(measure -> rounds.stream().allMatch(round -> round.containsKey(measure)))
        .sorted()
        .toList();
  }

  /** Returns the median of each round. */
  public List<Double> medians(String subject, String measure) {
    return each(subject, measure, Quantiles::median);
  }

  /** Returns the mean of each round. */
  public List<Double> means(String subject, String measure) {
    return each(subject, measure, Quantiles::mean);
  }

  private List<Double> each(
      String subject, String measure, ToDoubleFunction<List<Double>> summary) {
    return samples.getOrDefault(subject, List.of()).stream()
        .map(round -> summary.applyAsDouble(round.getOrDefault(measure, List.of())))
        .toList();
  }

  /** Returns every value of all rounds. */
  public List<Double> all(String subject, String measure) {
    return samples.getOrDefault(subject, List.of()).stream()
        .flatMap(round -> round.getOrDefault(measure, List.of()).stream())
        .toList();
  }
}
