package chorale.bench;

import java.util.List;
import java.util.stream.IntStream;

/** Figures of the same rounds, set against each other round by round. Stateless. */
final class Ratios {
  private Ratios() {}

  static List<Double> of(List<Double> above, List<Double> below) {
    return IntStream.range(0, above.size()).mapToObj(i -> above.get(i) / below.get(i)).toList();
  }
}
