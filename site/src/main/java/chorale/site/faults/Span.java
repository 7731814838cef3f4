package chorale.site.faults;

/** A time span in nanoseconds of one ticker, both ends included. Immutable. */
record Span(long from, long to) {
  boolean covers(Span other) {
    return from - other.from <= 0 && other.to - to <= 0;
  }

  boolean overlaps(Span other) {
    return from - other.to <= 0 && other.from - to <= 0;
  }

  boolean contains(long nanos) {
    return from - nanos <= 0 && nanos - to <= 0;
  }
}
