package chorale.aggregator;

import chorale.aggregator.Roster.VariantEntry;
import chorale.protocol.Bytes;
import chorale.protocol.Reply;
import chorale.protocol.Request;
import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import chorale.protocol.Result.DecidedBy;
import chorale.protocol.Ticker;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Requests and replies in, one decision for each request out. Owned by the aggregator's thread;
 * every time is handed in or read from the ticker it was given.
 *
 * <p>A reply is judged by its own arrival stamp, and windows close at their deadline only in {@link
 * #closeDue}, after everything that had arrived by then was handed in.
 */
final class Decider {
  private static final System.Logger LOG = System.getLogger(Decider.class.getName());

  // set once
  private final ResultBuilder builder;
  private final ResultPublisher publisher;
  private final Ticker ticker;
  private final Clock clock;

  // what is known of the fleet
  private final Roster roster;
  private int connection;

  // what is open, waiting, decided
  private final WindowTable windows;
  private final Decided decided;
  private final Counters counters = new Counters();
  private final FailureLog failures = new FailureLog();
  private final EarlyReplies early = new EarlyReplies(this::expired);

  /** What a decider works with. */
  record Dependencies(
      ResultBuilder builder, ResultPublisher publisher, Ticker ticker, Clock clock) {}

  /**
   * @param roster kept up to date by {@link RosterUpdates}
   */
  Decider(Dependencies dependencies, Roster roster, WindowTable windows, Decided decided) {
    this.builder = dependencies.builder();
    this.publisher = dependencies.publisher();
    this.ticker = dependencies.ticker();
    this.clock = dependencies.clock();
    this.roster = roster;
    this.windows = windows;
    this.decided = decided;
  }

  Counters counters() {
    return counters;
  }

  /** All counters since the start and what is held now, by name. */
  SortedMap<String, Long> snapshot() {
    SortedMap<String, Long> all = counters.snapshot();
    all.put("open_windows", (long) windows.size());
    all.put("waiting_replies", (long) early.size());
    all.put("remembered", (long) decided.size());
    all.put("roster", (long) roster.size());
    return all;
  }

  // ---- frames

  void request(Request request, long arrivedNanos) {
    if (!answeredAlready(request, arrivedNanos)) {
      open(request, arrivedNanos);
    }
  }

  /**
   * A request whose properties are out of range: refused at once. That is not remembered, since the
   * request may come again with the same image and correlation data, and be right.
   */
  void badRequest(Request request, String detail, long arrivedNanos) {
    if (!answeredAlready(request, arrivedNanos)) {
      counters.add(Counter.FRAMES_BAD);
      Result result = builder.refusal(request, detail, clock.instant());
      send(result, responseTopics(request), request.correlation());
    }
  }

  private static List<String> responseTopics(Request request) {
    return request.responseTopic().map(List::of).orElse(List.of());
  }

  /** Joins the open window of this key, or repeats the decision to a retry. */
  private boolean answeredAlready(Request request, long arrivedNanos) {
    if (request.refusedResponseTopic().isPresent()) {
      counters.add(Counter.RESPONSE_TOPICS_REFUSED);
    }
    Optional<Window> window = windows.find(request.key());
    if (window.isPresent() && window.get().isPast(arrivedNanos)) {
      // Its deadline passed before this frame came: what follows belongs to the new request.
      close(window.get(), DecidedBy.DEADLINE);
      window = Optional.empty();
    }
    if (window.isPresent()) {
      counters.add(Counter.FRAMES_JOINED);
      if (request.responseTopic().isPresent()
          && !window.get().answerTo(request.responseTopic().get())) {
        counters.add(Counter.RESPONSE_TOPICS_DROPPED);
      }
      return true;
    }
    Optional<Result> before = decided.repeatable(request.key());
    if (before.isPresent()) {
      counters.add(Counter.FRAMES_REPEATED);
      publisher.send(before.get().asRepeated(), responseTopics(request), request.correlation());
    }
    return before.isPresent();
  }

  private void open(Request request, long arrivedNanos) {
    counters.add(Counter.FRAMES_OPENED);
    if (windows.isFull()) {
      windows.oldest().ifPresent(oldest -> close(oldest, DecidedBy.OVERLOAD));
    }
    Window window = new Window(request, roster, arrivedNanos, connection);
    windows.add(window);
    early.expire(arrivedNanos);
    for (EarlyReplies.Early each : early.take(request.key())) {
      counters.add(
          window.isClosed() ? Counter.LATE : take(window, each.reply(), each.arrivedNanos()));
    }
  }

  // ---- replies

  void reply(Reply reply, long arrivedNanos) {
    Optional<Window> window = windows.find(reply.key());
    if (window.isPresent()) {
      counters.add(take(window.get(), reply, arrivedNanos));
    } else if (roster.classLists().find(reply.author().classDigest()).isEmpty()) {
      counters.add(Counter.FOREIGN);
    } else if (decided.repeatable(reply.key()).isPresent()) {
      counters.add(Counter.LATE);
    } else {
      // Perhaps late, but the same image may come again as a new request, and its replies may
      // overtake it: a closed key does not decide that, only time does.
      early.add(reply, arrivedNanos);
    }
  }

  private Counter take(Window window, Reply reply, long arrivedNanos) {
    Counter taken = window.take(reply, arrivedNanos, roster.classLists());
    if (taken == Counter.ACCEPTED || taken == Counter.FAILED) {
      closeIfDecided(window);
    }
    return taken;
  }

  /** No frame came for a reply that waited. */
  private void expired(RequestKey key) {
    counters.add(decided.contains(key) ? Counter.LATE : Counter.UNKNOWN);
  }

  // ---- the fleet

  /** Everything learnt of the fleet is about to be told anew. */
  void reconnected() {
    connection++;
    roster.forgetAll();
  }

  /**
   * A worker became unavailable: no window waits for it.
   *
   * @param byWill it is offline; otherwise it is silent
   */
  void lost(String worker, boolean byWill) {
    for (Window window : windows.all()) {
      if (window.lose(worker, byWill)) {
        closeIfDecided(window);
      }
    }
  }

  /**
   * The roster learned of a worker, or more about it.
   *
   * @param kept the broker had kept the message: the worker was there before we connected
   */
  void joined(String worker, boolean kept) {
    Optional<VariantEntry> entry = roster.entryOf(worker);
    if (entry.isEmpty()) {
      return;
    }
    boolean expected = kept && roster.isAvailable(worker);
    for (Window window : windows.all()) {
      window.join(worker, entry.get(), expected && window.connection() == connection);
    }
  }

  // ---- decisions

  private void closeIfDecided(Window window) {
    builder.rules().closing(window).ifPresent(by -> close(window, by));
  }

  /** Closes the windows whose deadline has passed and forgets what waited too long. */
  void closeDue(long nowNanos) {
    early.expire(nowNanos);
    for (Optional<Window> first = windows.first();
        first.isPresent() && first.get().isPast(nowNanos);
        first = windows.first()) {
      close(first.get(), DecidedBy.DEADLINE);
    }
  }

  /** Until {@link #closeDue} has something to do; at most the given time. */
  long nanosUntilDue(long nowNanos, long atMost) {
    long next = atMost;
    Optional<Window> first = windows.first();
    if (first.isPresent()) {
      next = Math.min(next, first.get().deadlineNanos() + 1 - nowNanos);
    }
    if (early.nextNanos().isPresent()) {
      next = Math.min(next, early.nextNanos().getAsLong() - nowNanos);
    }
    return Math.max(0, next);
  }

  private void close(Window window, DecidedBy by) {
    if (!windows.remove(window)) {
      return;
    }
    window.close();
    counters.add(Counter.of(by));
    Result result = builder.decision(window, by, ticker.nanos(), clock.instant());
    Optional<Bytes> correlation = window.request().correlation();
    decided.remember(result, correlation.isPresent());
    send(result, window.responseTopics(), correlation);
    if (by == DecidedBy.DEADLINE) {
      countMissed(window);
    }
  }

  private void countMissed(Window window) {
    for (VariantState state : window.states()) {
      for (String worker : state.expected().owing()) {
        if (roster.missed(worker)) {
          LOG.log(
              System.Logger.Level.WARNING,
              "worker {0} missed {1} windows in a row: not waited for until it replies",
              worker,
              Roster.MISSES);
          lost(worker, false);
        }
      }
    }
  }

  private void send(Result result, List<String> responseTopics, Optional<Bytes> correlation) {
    counters.add(Counter.of(result.status()));
    failures.report(result);
    publisher.send(result, responseTopics, correlation);
  }
}
