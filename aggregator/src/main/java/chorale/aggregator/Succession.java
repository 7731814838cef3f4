package chorale.aggregator;

import java.util.List;

/**
 * Who publishes a window's result, as one aggregator sees it when the window opens; it does not
 * change while the window is open. Immutable.
 *
 * @param standing whether this aggregator may own windows: it was ready for long enough
 * @param before the members that come before this one
 */
record Succession(boolean standing, List<String> before) {
  /** Of an aggregator that is alone on its site. */
  static final Succession ALONE = new Succession(true, List.of());

  Succession {
    before = List.copyOf(before);
  }

  boolean isOwner() {
    return standing && before.isEmpty();
  }
}
