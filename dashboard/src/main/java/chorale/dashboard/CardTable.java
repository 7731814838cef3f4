package chorale.dashboard;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A bounded table of cards that tracks unsent changes. If the table is full, the least recently
 * used card is evicted and counted. A card is sent at most once per {@code spacing}. Owned by the
 * dashboard's thread.
 */
final class CardTable<C extends Card> {
  private final int max;
  private final long spacingNanos;
  private final Function<String, C> maker;

  /** In order of use, the least recently used first. */
  private final Map<String, C> cards = new LinkedHashMap<>(16, 0.75f, true);

  /** Unsent changes, oldest first; empty for removed cards. */
  private final Map<String, Optional<C>> changed = new LinkedHashMap<>();

  private final Map<String, Long> sentNanos = new LinkedHashMap<>();
  private long evicted;

  CardTable(int max, long spacingNanos, Function<String, C> maker) {
    this.max = max;
    this.spacingNanos = spacingNanos;
    this.maker = maker;
  }

  Optional<C> find(String name) {
    return Optional.ofNullable(cards.get(name));
  }

  /** Returns the card of this name, created if absent, and marks it as changed. */
  C touch(String name) {
    C card = cards.get(name);
    if (card == null) {
      if (cards.size() >= max) {
        evicted++;
        remove(cards.keySet().iterator().next());
      }
      card = maker.apply(name);
      cards.put(name, card);
    }
    changed.put(name, Optional.of(card));
    return card;
  }

  void remove(String name) {
    if (cards.remove(name) != null) {
      changed.put(name, Optional.empty());
    }
  }

  /** Marks all cards as changed. */
  void touchAll() {
    cards.forEach((name, card) -> changed.put(name, Optional.of(card)));
  }

  List<C> all() {
    return new ArrayList<>(cards.values());
  }

  /** Returns all cards by name, in the form of {@link #takeDue}. */
  Map<String, Optional<C>> byName() {
    Map<String, Optional<C>> all = new LinkedHashMap<>();
    cards.forEach((name, card) -> all.put(name, Optional.of(card)));
    return all;
  }

  /** Returns the number of evicted cards since the start. */
  long evicted() {
    return evicted;
  }

  boolean hasChanged() {
    return !changed.isEmpty();
  }

  /** Takes the changes that are due; removals are always due. */
  Map<String, Optional<C>> takeDue(long nowNanos) {
    Map<String, Optional<C>> due = new LinkedHashMap<>();
    for (Iterator<Map.Entry<String, Optional<C>>> each = changed.entrySet().iterator();
        each.hasNext(); ) {
      Map.Entry<String, Optional<C>> entry = each.next();
      String name = entry.getKey();
      Long sent = sentNanos.get(name);
      if (entry.getValue().isEmpty()) {
        sentNanos.remove(name);
      } else if (sent != null && nowNanos - sent < spacingNanos) {
        continue;
      } else {
        sentNanos.put(name, nowNanos);
      }
      due.put(name, entry.getValue());
      each.remove();
    }
    return due;
  }
}
