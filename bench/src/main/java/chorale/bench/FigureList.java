package chorale.bench;

import chorale.bench.Figure.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The figures of a part, in the order of its table. Owned by one thread. */
final class FigureList {
  private final List<Figure> figures = new ArrayList<>();

  /** Adds a figure without a target. */
  void known(String name, String unit, List<Double> rounds) {
    add(name, unit, Optional.empty(), Spread.of(rounds));
  }

  /** Adds a figure that was measured once. */
  void once(String name, String unit, double value) {
    add(name, unit, Optional.empty(), Spread.once(value));
  }

  void judged(String name, String unit, Target target, List<Double> rounds) {
    add(name, unit, Optional.of(target), Spread.of(rounds));
  }

  /** Adds a ratio of two figures, with an optional minimum. */
  void ratio(String name, Optional<Double> atLeast, List<Double> above, List<Double> below) {
    add(name, "x", atLeast.map(Target::atLeast), Spread.of(ratios(above, below)));
  }

  void add(String name, String unit, Optional<Target> target, Spread measured) {
    figures.add(new Figure(name, unit, target, measured));
  }

  /** Divides two measures of the same rounds, round by round. */
  static List<Double> ratios(List<Double> above, List<Double> below) {
    return IntStream.range(0, above.size()).mapToObj(i -> above.get(i) / below.get(i)).toList();
  }

  List<Figure> figures() {
    return List.copyOf(figures);
  }
}
