package chorale.site.faults;

import chorale.protocol.Topics;
import chorale.protocol.bus.BusFactory;
import java.time.Duration;
import java.util.Optional;

/**
 * A watcher of retained results. Some time after an aggregator resumes, it queries the broker and
 * adds the retained results to the history. Used by one thread, in turns.
 */
final class KeptWatch implements AutoCloseable {
  /** Time after a pause or a cut until the newest result must be retained. */
  static final Duration SETTLED = Duration.ofMillis(1_500);

  private final Topics topics;
  private final BusFactory buses;
  private final History history;
  private Optional<KeptResults> asking = Optional.empty();
  private Optional<Long> askAtNanos = Optional.empty();
  private long pausesSeen;

  KeptWatch(Topics topics, BusFactory buses, History history) {
    this.topics = topics;
    this.buses = buses;
    this.history = history;
  }

  /**
   * Runs one turn.
   *
   * @param pausesEnded number of aggregators that have resumed so far
   */
  void step(long pausesEnded, boolean brokerDown) {
    long now = System.nanoTime();
    if (pausesEnded > pausesSeen) {
      pausesSeen = pausesEnded;
      askAtNanos = Optional.of(now + SETTLED.toNanos());
    }
    if (brokerDown) {
      askAtNanos = Optional.empty();
      close();
    } else if (asking.isPresent()) {
      asking
          .get()
          .poll()
          .ifPresent(
              kept -> {
                history.kept.add(kept);
                close();
              });
    } else if (askAtNanos.isPresent() && now - askAtNanos.get() >= 0) {
      askAtNanos = Optional.empty();
      asking = Optional.of(new KeptResults(topics, buses));
    }
  }

  void askNow() {
    askAtNanos = Optional.of(System.nanoTime());
  }

  boolean isAsking() {
    return asking.isPresent() || askAtNanos.isPresent();
  }

  @Override
  public void close() {
    asking.ifPresent(KeptResults::close);
    asking = Optional.empty();
  }
}
