package chorale.aggregator;

import java.util.List;

/**
 * The order in which group members may publish a window's result, as seen by one aggregator when
 * the window opens. It stays the same while the window is open. Immutable.
 *
 * @param standing whether this aggregator has been ready for long enough to own windows
 * @param before the members that come before this one
 */
record Succession(boolean standing, List<String> before) {
  /** For an aggregator that is alone on its site. */
  static final Succession ALONE = new Succession(true, List.of());

  Succession {
    before = List.copyOf(before);
  }

  boolean isOwner() {
    return standing && before.isEmpty();
  }
}
