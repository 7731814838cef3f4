package chorale.aggregator;

import static chorale.aggregator.VirtualTime.MILLI;

import java.util.ArrayDeque;

/**
 * A gate for events. While it is shut, events wait in order; when it opens, they pass one after the
 * other, before all later events.
 */
final class Gate {
  private static final long BETWEEN = MILLI / 50;

  private final VirtualTime time;
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private boolean open = true;
  private boolean draining;

  Gate(VirtualTime time) {
    this.time = time;
  }

  void pass(Runnable event) {
    if (open && !draining) {
      event.run();
    } else {
      waiting.add(event);
    }
  }

  boolean isShut() {
    return !open;
  }

  void shut() {
    open = false;
  }

  void open() {
    open = true;
    if (!draining) {
      draining = true;
      drain();
    }
  }

  /** Drops the waiting events. */
  void clear() {
    waiting.clear();
  }

  private void drain() {
    if (open && !waiting.isEmpty()) {
      waiting.remove().run();
      time.after(BETWEEN, this::drain);
    } else {
      draining = false;
    }
  }
}
