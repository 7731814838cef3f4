package chorale.site.faults;

/**
 * When a client may have missed something: from the last message before a change of its connection
 * to that change. One owner.
 */
final class Absence {
  private long lastNanos;

  Absence(long now) {
    this.lastNanos = now;
  }

  void heard(long now) {
    lastNanos = now;
  }

  /** The connection is lost or granted. */
  Span changed(long now) {
    Span span = new Span(lastNanos, now);
    lastNanos = now;
    return span;
  }
}
