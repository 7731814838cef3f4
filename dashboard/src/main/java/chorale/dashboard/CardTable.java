package chorale.dashboard;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A bounded table of cards, and which of them the open pages do not show yet. When one card is too
 * many, the one that was not touched for longest makes room and is counted. A card is due again
 * {@code spacing} after it was last sent. Owned by the dashboard's thread.
 */
final class CardTable<C extends Card> {
  private final int max;
  private final long spacingNanos;
  private final Function<String, C> maker;

  /** The one that was touched longest ago first. */
  private final Map<String, C> cards = new LinkedHashMap<>(16, 0.75f, true);

  /** What changed, oldest change first; empty for cards that are gone. */
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

  /** The card of that name, a new one where there is none; it is taken to change. */
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

  /** All of them are to be sent anew. */
  void touchAll() {
    cards.forEach((name, card) -> changed.put(name, Optional.of(card)));
  }

  List<C> all() {
    return new ArrayList<>(cards.values());
  }

  /** All cards by name, in the form of {@link #takeDue}. */
  Map<String, Optional<C>> byName() {
    Map<String, Optional<C>> all = new LinkedHashMap<>();
    cards.forEach((name, card) -> all.put(name, Optional.of(card)));
    return all;
  }

  /** Cards that made room for others since the start. */
  long evicted() {
    return evicted;
  }

  boolean hasChanged() {
    return !changed.isEmpty();
  }

  /** Takes what changed and may be sent; a card that is gone is sent at once. */
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
