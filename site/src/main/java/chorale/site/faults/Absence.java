package chorale.site.faults;

/**
 * A recorder of the time spans in which a client may have missed messages: from its last message
 * before a connection change until that change. Not thread-safe.
 */
final class Absence {
  private long lastNanos;

  Absence(long now) {
    this.lastNanos = now;
  }

  void heard(long now) {
    lastNanos = now;
  }

  /** Records a lost or new connection and returns the span. */
  Span changed(long now) {
    Span span = new Span(lastNanos, now);
    lastNanos = now;
    return span;
  }
}
