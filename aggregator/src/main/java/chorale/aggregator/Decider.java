package chorale.aggregator;

import chorale.aggregator.Roster.VariantEntry;
import chorale.protocol.Address;
import chorale.protocol.Bytes;
import chorale.protocol.IgnoredReason;
import chorale.protocol.Judgement;
import chorale.protocol.MalformedException;
import chorale.protocol.Message;
import chorale.protocol.Names;
import chorale.protocol.Reply;
import chorale.protocol.ReplyCodec;
import chorale.protocol.Request;
import chorale.protocol.RequestKey;
import chorale.protocol.RequestRules;
import chorale.protocol.Result;
import chorale.protocol.Result.DecidedBy;
import chorale.protocol.Ticker;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * Frames and replies in, one decision for each request out. Owned by the aggregator's thread; every
 * time is handed in or read from the ticker it was given.
 *
 * <p>A reply is judged by its own arrival stamp, and windows close at their deadline only in {@link
 * #closeDue}, after everything that had arrived by then was handed in.
 */
final class Decider {
  private static final System.Logger LOG = System.getLogger(Decider.class.getName());

  // set once
  private final Dependencies parts;
  private final ResultBuilder builder;

  // what is learned of the fleet
  private final Roster roster = new Roster();
  private final ClassLists lists = new ClassLists();
  private int connection;

  // what is open, waiting, decided
  private final WindowTable windows;
  private final Decided decided;
  private final Counters counters = new Counters();
  private final EarlyReplies early = new EarlyReplies(this::expired);
  private final WarnedOnce warned = new WarnedOnce();

  /** What a decider works with. */
  record Dependencies(
      RequestRules requests,
      ReplyCodec replies,
      StrategyRules strategy,
      ClosingRules closing,
      ResultPublisher publisher,
      Ticker ticker,
      Clock clock) {}

  /**
   * @param openWindows at most
   * @param remembered decided requests, at most
   */
  Decider(Dependencies parts, int openWindows, int remembered) {
    this.parts = parts;
    this.builder = new ResultBuilder(parts.closing());
    this.windows = new WindowTable(openWindows);
    this.decided = new Decided(remembered);
  }

  Roster roster() {
    return roster;
  }

  ClassLists classLists() {
    return lists;
  }

  Counters counters() {
    return counters;
  }

  int openWindows() {
    return windows.size();
  }

  int waitingReplies() {
    return early.size();
  }

  int remembered() {
    return decided.size();
  }

  // ---- frames

  void frame(Address address, Message message, long arrivedNanos) {
    counters.add(Counter.FRAMES);
    Judgement<Request> judgement = parts.requests().judge(address, message);
    if (judgement instanceof Judgement.Ignored<Request> ignored) {
      ignore(ignored.reason(), message.topic());
    } else if (judgement instanceof Judgement.Bad<Request> bad) {
      if (!answeredAlready(bad.value(), arrivedNanos)) {
        counters.add(Counter.FRAMES_BAD);
        Request request = bad.value();
        Result result = builder.refusal(request, bad.detail(), parts.clock().instant());
        conclude(
            result, request.responseTopic().map(List::of).orElse(List.of()), request.correlation());
      }
    } else if (judgement instanceof Judgement.Accepted<Request> accepted) {
      if (!answeredAlready(accepted.value(), arrivedNanos)) {
        open(accepted.value(), arrivedNanos);
      }
    }
  }

  private void ignore(IgnoredReason reason, String topic) {
    switch (reason) {
      case RETAINED -> counters.add(Counter.FRAMES_RETAINED);
      case EMPTY -> counters.add(Counter.FRAMES_EMPTY);
      case INVALID_NAME -> {
        counters.add(Counter.FRAMES_INVALID_NAME);
        warned.topic(topic, Names.ALLOWED);
      }
      default -> counters.add(Counter.FRAMES_OTHER);
    }
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
      parts
          .publisher()
          .send(
              before.get().asRepeated(),
              request.responseTopic().map(List::of).orElse(List.of()),
              request.correlation());
    }
    return before.isPresent();
  }

  private void open(Request request, long arrivedNanos) {
    counters.add(Counter.FRAMES_OPENED);
    if (windows.isFull()) {
      windows.oldest().ifPresent(oldest -> close(oldest, DecidedBy.OVERLOAD));
    }
    Window window =
        new Window(
            request,
            roster.entries(),
            parts.strategy(),
            new Window.Opening(arrivedNanos, connection));
    windows.add(window);
    early.expire(arrivedNanos);
    for (EarlyReplies.Early each : early.take(request.key())) {
      counters.add(
          window.isClosed() ? Counter.LATE : take(window, each.reply(), each.arrivedNanos()));
    }
  }

  // ---- replies

  void reply(Address address, Message message, long arrivedNanos) {
    counters.add(Counter.RECEIVED);
    Reply reply;
    try {
      reply = parts.replies().decode(message.payload());
    } catch (MalformedException e) {
      counters.add(Counter.MALFORMED);
      return;
    }
    if (!agree(address, reply)) {
      counters.add(Counter.FOREIGN);
      if (address instanceof Address.InvalidName) {
        counters.add(Counter.REPLIES_INVALID_NAME);
        warned.topic(message.topic(), Names.ALLOWED);
      }
      return;
    }
    if (roster.isExcluded(reply.author().worker())) {
      counters.add(Counter.FOREIGN);
      return;
    }
    heard(reply.author().worker());
    Optional<Window> window = windows.find(reply.key());
    if (window.isPresent()) {
      counters.add(take(window.get(), reply, arrivedNanos));
    } else if (lists.find(reply.author().classDigest()).isEmpty()) {
      counters.add(Counter.FOREIGN);
    } else if (decided.repeatable(reply.key()).isPresent()) {
      counters.add(Counter.LATE);
    } else {
      // Perhaps late, but the same image may come again as a new request, and its replies may
      // overtake it: a closed key does not decide that, only time does.
      early.add(reply, arrivedNanos);
    }
  }

  /** Whether a reply came on the topic that its content belongs to. */
  private static boolean agree(Address address, Reply reply) {
    return address instanceof Address.Reply on
        && on.camera().equals(reply.camera())
        && on.variant().equals(reply.author().variant())
        && on.worker().equals(reply.author().worker());
  }

  private void heard(String worker) {
    if (roster.heard(worker)) {
      LOG.log(System.Logger.Level.INFO, "worker {0} answers again", worker);
    }
  }

  private Counter take(Window window, Reply reply, long arrivedNanos) {
    Counter taken = window.take(reply, arrivedNanos, lists);
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
    parts.closing().closing(window).ifPresent(by -> close(window, by));
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
    counters.add(
        switch (by) {
          case ALL -> Counter.DECIDED_ALL;
          case BOUND -> Counter.DECIDED_BOUND;
          case QUORUM -> Counter.DECIDED_QUORUM;
          case OVERLOAD -> Counter.DECIDED_OVERLOAD;
          case DEADLINE, REQUEST -> Counter.DECIDED_DEADLINE;
        });
    Result result = builder.decision(window, by, parts.ticker().nanos(), parts.clock().instant());
    conclude(result, window.responseTopics(), window.facts().correlation());
    if (by == DecidedBy.DEADLINE) {
      countMissed(window);
    }
  }

  private void countMissed(Window window) {
    for (VariantState state : window.states()) {
      for (String worker : state.owing()) {
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

  private void conclude(Result result, List<String> responseTopics, Optional<Bytes> correlation) {
    counters.add(
        switch (result.status()) {
          case ANSWERED -> Counter.ANSWERED;
          case PARTIAL -> Counter.PARTIAL;
          case NO_ANSWER -> Counter.NO_ANSWER;
        });
    decided.remember(result, correlation.isPresent());
    parts.publisher().send(result, responseTopics, correlation);
  }
}
