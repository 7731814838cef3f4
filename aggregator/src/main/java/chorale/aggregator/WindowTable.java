package chorale.aggregator;

import chorale.protocol.RequestKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * A bounded index of the open windows by key, age and due time. A window is due at its deadline
 * and, once it is decided, at its time to publish. When the limit of undecided windows is reached,
 * the caller decides the oldest window of the camera that has the most. Owned by the aggregator's
 * thread.
 */
final class WindowTable {
  /**
   * The limit of all open windows, as a multiple of the limit of undecided ones. Decided windows
   * wait for publication.
   */
  private static final int OPEN_FOR_EACH = 10;

  private final int max;
  private final Map<RequestKey, Entry> open = new LinkedHashMap<>();
  private final TreeMap<Due, Window> due = new TreeMap<>();
  private long entries;

  /** Number of undecided windows, of all cameras and of each. */
  private int undecided;

  private final Map<String, Integer> cameras = new HashMap<>();

  private record Entry(Window window, Due due) {}

  /**
   * A due time, in nanoseconds of a ticker that may overflow; ties are in the order of insertion.
   */
  private record Due(long nanos, long sequence) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      long difference = nanos - other.nanos;
      return difference != 0 ? Long.signum(difference) : Long.compare(sequence, other.sequence);
    }
  }

  WindowTable(int max) {
    if (max < 1) {
      throw new IllegalArgumentException(
          "aggregator.open-windows: " + max + " (allowed: at least 1)");
    }
    this.max = max;
  }

  Optional<Window> find(RequestKey key) {
    Entry entry = open.get(key);
    return entry == null ? Optional.empty() : Optional.of(entry.window());
  }

  boolean isOpen(RequestKey key) {
    return open.containsKey(key);
  }

  /** Returns whether a window must be decided before another opens. */
  boolean isFull() {
    return undecided >= max;
  }

  /** Returns whether there are too many windows, counting decided ones. */
  boolean isOverfull() {
    return open.size() >= (long) OPEN_FOR_EACH * max;
  }

  int size() {
    return open.size();
  }

  void add(Window window) {
    undecided++;
    cameras.merge(window.request().camera(), 1, Integer::sum);
    schedule(window, window.deadlineNanos() + 1);
  }

  /** Changes the due time of a window. */
  void schedule(Window window, long nanos) {
    Due when = new Due(nanos, entries++);
    Entry before = open.put(window.request().key(), new Entry(window, when));
    if (before != null) {
      due.remove(before.due());
    }
    due.put(when, window);
  }

  /** Marks an open window as decided. */
  void decided(Window window) {
    undecided--;
    cameras.computeIfPresent(
        window.request().camera(), (camera, count) -> count > 1 ? count - 1 : null);
  }

  /** Removes the window; returns false if it was not open. */
  boolean remove(Window window) {
    Entry entry = open.get(window.request().key());
    if (entry == null || entry.window() != window) {
      return false;
    }
    if (window.decision().isEmpty()) {
      decided(window);
    }
    open.remove(window.request().key());
    due.remove(entry.due());
    return true;
  }

  /** Returns the window that opened first. */
  Optional<Window> oldest() {
    return open.isEmpty()
        ? Optional.empty()
        : Optional.of(open.values().iterator().next().window());
  }

  /** Returns the oldest undecided window of the camera that has the most of them. */
  Optional<Window> oldestOfFullest() {
    if (cameras.isEmpty()) {
      return Optional.empty();
    }
    int most = Collections.max(cameras.values());
    for (Entry entry : open.values()) {
      Window window = entry.window();
      if (window.decision().isEmpty() && cameras.get(window.request().camera()) == most) {
        return Optional.of(window);
      }
    }
    return Optional.empty();
  }

  /** Returns the first window that is due by now. */
  Optional<Window> due(long now) {
    return nextNanos().isPresent() && nextNanos().getAsLong() - now <= 0
        ? Optional.of(due.firstEntry().getValue())
        : Optional.empty();
  }

  /** Returns when the first window is due. */
  OptionalLong nextNanos() {
    return due.isEmpty() ? OptionalLong.empty() : OptionalLong.of(due.firstKey().nanos());
  }

  /** Returns a copy, in the order of opening. */
  List<Window> all() {
    List<Window> all = new ArrayList<>(open.size());
    for (Entry entry : open.values()) {
      all.add(entry.window());
    }
    return all;
  }
}
