package chorale.aggregator;

import java.util.List;

/**
 * Whose work one variant's vote takes for one request. Immutable.
 *
 * @param workers by name; none where no vote is to be expected
 * @param allRequired whether each of them is needed and the last one votes; otherwise any of them
 *     may
 */
record Expected(List<String> workers, boolean allRequired) {
  Expected {
    workers = List.copyOf(workers);
  }
}
