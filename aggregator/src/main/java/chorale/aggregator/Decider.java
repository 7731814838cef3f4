package chorale.aggregator;

import chorale.aggregator.Roster.VariantEntry;
import chorale.protocol.Failure;
import chorale.protocol.Reply;
import chorale.protocol.ReplyError;
import chorale.protocol.Request;
import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import chorale.protocol.Result.DecidedBy;
import chorale.protocol.TrustCodec.Notice;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The state machine of requests: takes frames and replies, makes one decision for each request.
 * Owned by the aggregator's thread; all times are passed in or read from the given ticker.
 *
 * <p>A reply counts by its own arrival time. Windows close at their deadline only in {@link
 * #closeDue}, after all earlier arrivals have been handled.
 */
final class Decider {
  private static final System.Logger LOG = System.getLogger(Decider.class.getName());

  private final ClosingRules rules;
  private final Group group;
  private final Publications publications;
  private final Checks checks;
  private final Escalator escalator;

  private final Roster roster;
  private int connection;

  private final WindowTable windows;
  private final Decided decided;
  private final Counters counters;
  private final EarlyReplies early = new EarlyReplies(this::expired);
  private final ReplicaCheck replicas;
  private final Outvoted outvoted;

  /** The state that a decider shares with its publications. */
  record Shared(WindowTable windows, Decided decided, Counters counters) {}

  /**
   * @param roster kept up to date by {@link RosterUpdates}
   */
  Decider(
      ClosingRules rules,
      Roster roster,
      Group group,
      Publications publications,
      Checks checks,
      Escalator escalator,
      Shared shared) {
    this.rules = rules;
    this.roster = roster;
    this.group = group;
    this.publications = publications;
    this.windows = shared.windows();
    this.decided = shared.decided();
    this.counters = shared.counters();
    this.checks = checks;
    this.escalator = escalator;
    this.replicas = new ReplicaCheck(roster, counters, checks);
    this.outvoted = new Outvoted(rules, roster);
  }

  Counters counters() {
    return counters;
  }

  /** Returns all counters since the start, and the current sizes, by name. */
  SortedMap<String, Long> snapshot() {
    SortedMap<String, Long> all = counters.snapshot();
    all.put("open_windows", (long) windows.size());
    all.put("waiting_replies", (long) early.size());
    all.put("remembered", (long) decided.size());
    all.put("roster", (long) roster.size());
    all.put("quarantined", (long) roster.quarantined().size());
    all.put("outvoted", (long) outvoted.size());
    return all;
  }

  // ---- frames

  void request(Request request, long arrivedNanos) {
    if (!answeredAlready(request, arrivedNanos)) {
      open(request, arrivedNanos);
    }
  }

  /**
   * Refuses a request whose properties are out of range. The refusal is not remembered, because a
   * corrected request may arrive with the same image and correlation data.
   */
  void badRequest(Request request, String detail, long arrivedNanos) {
    if (!answeredAlready(request, arrivedNanos)) {
      counters.add(Counter.FRAMES_BAD);
      publications.refuse(request, new Failure(Failure.BAD_REQUEST, detail));
    }
  }

  /** Refuses a request for lack of space; not remembered either. */
  void shed(Request request, long arrivedNanos) {
    if (!answeredAlready(request, arrivedNanos)) {
      counters.add(Counter.FRAMES_OVERLOADED);
      String detail = "the aggregator's inbox is full";
      publications.refuse(request, Failure.of(ReplyError.OVERLOADED, detail));
    }
  }

  /**
   * Handles a request that needs no new window: it is a check, joins an open window, is a retry, or
   * another aggregator has published its result.
   *
   * @return whether it was one of these
   */
  private boolean answeredAlready(Request request, long arrivedNanos) {
    if (checks.isCheck(request.key())) {
      counters.add(Counter.FRAMES_CHECK);
      return true;
    }
    if (request.refusedResponseTopic().isPresent()) {
      counters.add(Counter.RESPONSE_TOPICS_REFUSED);
    }
    // If the open window's deadline passed before this frame arrived, the frame starts a new
    // request.
    windows
        .find(request.key())
        .filter(open -> open.decision().isEmpty() && open.isPast(arrivedNanos))
        .ifPresent(open -> decide(open, DecidedBy.DEADLINE));
    Optional<Window> window = windows.find(request.key());
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
      publications.repeat(request, before.get());
      return true;
    }
    if (publications.isPublished(request)) {
      counters.add(Counter.FRAMES_PUBLISHED);
      return true;
    }
    return false;
  }

  private void open(Request request, long arrivedNanos) {
    counters.add(Counter.FRAMES_OPENED);
    if (!group.isUnsettled(arrivedNanos)) {
      roster.fixModels();
    }
    makeRoom();
    Succession succession = group.succession(request.camera(), arrivedNanos);
    Window window = new Window(request, roster, succession, arrivedNanos, connection);
    window.outvote(outvoted.refresh());
    if (decided.contains(request.key())) {
      window.comesAgain();
    }
    windows.add(window);
    if (window.expectsNobody()) {
      escalator.goesOn(window);
    }
    early.expire(arrivedNanos);
    early
        .take(request.key(), reply -> roster.isAnnounced(reply.author().worker()))
        .forEach(each -> reply(each.reply(), each.arrivedNanos()));
  }

  private void makeRoom() {
    if (windows.isFull()) {
      windows.oldestOfFullest().ifPresent(window -> decide(window, DecidedBy.OVERLOAD));
    }
    if (windows.isOverfull() && windows.oldest().filter(windows::remove).isPresent()) {
      counters.add(Counter.DECIDED_TOO_LATE);
    }
  }

  // ---- replies

  void reply(Reply reply, long arrivedNanos) {
    String worker = reply.author().worker();
    if (roster.disowns(reply.author())) {
      counters.add(Counter.FOREIGN);
      return;
    }
    if (roster.isReplayed(reply.author(), arrivedNanos)) {
      counters.add(Counter.REPLAYED);
      return;
    }
    if (roster.heard(worker)) {
      LOG.log(System.Logger.Level.INFO, "worker {0} replies again", worker);
    }
    replicas.hear(reply, arrivedNanos);
    if (checks.hear(reply, arrivedNanos)) {
      counters.add(Counter.CHECKED);
      return;
    }
    Optional<Window> window = windows.find(reply.key());
    if (window.isPresent() || decided.contains(reply.key())) {
      outvoted.hear(reply);
    }
    if (window.isPresent() && roster.isAnnounced(worker)) {
      take(window.get(), reply, arrivedNanos);
    } else if (window.isEmpty() && decided.repeatable(reply.key()).isPresent()) {
      counters.add(Counter.LATE);
    } else {
      // The reply may be late. But the same image may also arrive again as a new request, and
      // replies may overtake their frame or their worker's info. Only waiting distinguishes these
      // cases.
      early.add(reply, arrivedNanos);
    }
  }

  private void take(Window window, Reply reply, long arrivedNanos) {
    Counter taken = window.take(reply, arrivedNanos, roster);
    counters.add(taken);
    if (taken == Counter.ACCEPTED || taken == Counter.FAILED) {
      decideIfSettled(window);
    }
  }

  /** Counts a waiting reply whose frame, or whose worker's info, did not arrive in time. */
  private void expired(RequestKey key) {
    counters.add(decided.contains(key) ? Counter.LATE : Counter.UNKNOWN);
  }

  // ---- the fleet

  /** Forgets the fleet after a reconnect; the retained messages arrive again. */
  void reconnected() {
    connection++;
    roster.forgetAll();
  }

  /**
   * Removes an unavailable worker from the expected sets of all windows.
   *
   * @param byWill whether it is offline; otherwise it is silent
   */
  void lost(String worker, boolean byWill) {
    for (Window window : windows.all()) {
      if (window.decision().isEmpty() && window.lose(worker, byWill)) {
        decideIfSettled(window);
      }
    }
  }

  /**
   * Handles new information about a worker in the roster.
   *
   * @param kept whether the message was retained: the worker was there before this connection
   */
  void joined(String worker, boolean kept) {
    roster.entryOf(worker).ifPresent(entry -> join(worker, entry, kept));
    if (roster.isAnnounced(worker)) {
      early
          .take(each -> each.author().worker().equals(worker) && windows.isOpen(each.key()))
          .forEach(each -> reply(each.reply(), each.arrivedNanos()));
    }
  }

  private void join(String worker, VariantEntry entry, boolean kept) {
    boolean expected = kept && roster.isAvailable(worker);
    for (Window window : windows.all()) {
      if (window.decision().isEmpty()) {
        window.join(worker, entry, expected && window.connection() == connection);
      }
    }
  }

  // ---- decisions

  /** Decides a window that expects no more votes, unless it asks another tier. */
  private void decideIfSettled(Window window) {
    Optional<DecidedBy> by = rules.closing(window);
    while (by.equals(Optional.of(DecidedBy.ALL)) || (by.isEmpty() && window.expectsNobody())) {
      if (!escalator.goesOn(window)) {
        by.ifPresent(each -> decide(window, each));
        return;
      }
      by = rules.closing(window);
    }
    if (by.isPresent()) {
      escalator.stops(window);
      decide(window, by.get());
    }
  }

  /** Decides the windows whose deadline has passed, and publishes those whose turn has come. */
  void closeDue(long nowNanos) {
    early.expire(nowNanos);
    boolean hadTurn = false;
    for (Optional<Window> due = windows.due(nowNanos);
        due.isPresent();
        due = windows.due(nowNanos)) {
      if (due.get().decision().isEmpty()) {
        decide(due.get(), DecidedBy.DEADLINE);
      } else {
        publications.advance(due.get());
        hadTurn = true;
      }
    }
    if (hadTurn) {
      succeed(); // a member that had to publish one of them may be silent
    }
  }

  /** Returns the time until {@link #closeDue} is due, at most the given time. */
  long nanosUntilDue(long nowNanos, long atMost) {
    long next = atMost;
    if (windows.nextNanos().isPresent()) {
      next = Math.min(next, windows.nextNanos().getAsLong() - nowNanos);
    }
    if (early.nextNanos().isPresent()) {
      next = Math.min(next, early.nextNanos().getAsLong() - nowNanos);
    }
    return Math.max(0, next);
  }

  private void decide(Window window, DecidedBy by) {
    windows.decided(window);
    window.decide(by);
    if (by == DecidedBy.DEADLINE) {
      countMissed(window);
    }
    publications.advance(window);
  }

  // ---- the group

  /**
   * Handles a result that another aggregator published.
   *
   * @return whether this aggregator owns the window
   */
  boolean published(Result result, boolean kept) {
    Optional<Window> closed = publications.heard(result, kept);
    closed
        .filter(window -> window.decision().isEmpty() && result.decidedBy() == DecidedBy.DEADLINE)
        .ifPresent(window -> countMissed(window));
    return closed.isPresent() && closed.get().succession().isOwner();
  }

  /**
   * Returns whether this aggregator owns an open window that opened at or before the given time.
   */
  boolean owes(long openedUntil) {
    return windows.all().stream()
        .anyMatch(
            window -> window.succession().isOwner() && window.openedNanos() - openedUntil <= 0);
  }

  /** Returns when the last open window ends, including the last turn to publish. */
  long openUntil(long now, long moreNanos) {
    long last = now;
    for (Window window : windows.all()) {
      long end = window.deadlineNanos() + moreNanos;
      last = end - last > 0 ? end : last;
    }
    return last;
  }

  /** Leaves all windows to the others. */
  void drop() {
    publications.drop();
    early.clear();
  }

  /** Drops the window of a check: checks get no result. */
  void check(Notice notice, long arrivedNanos) {
    checks.hear(notice, arrivedNanos);
    windows
        .find(notice.key())
        .filter(windows::remove)
        .ifPresent(window -> counters.add(Counter.DECIDED_WITHOUT));
  }

  /** Repeats asks that another aggregator may not have sent. */
  void succeed() {
    if (roster.tiers().haveLater()) {
      windows.all().forEach(escalator::succeed);
    }
  }

  private void countMissed(Window window) {
    for (VariantState state : window.states()) {
      if (!state.isAsked()) {
        continue;
      }
      for (String worker : state.expected().owing()) {
        if (roster.missed(worker)) {
          LOG.log(
              System.Logger.Level.WARNING,
              "worker {0} missed {1} windows in a row: not expected until it replies",
              worker,
              Roster.MISSES);
          lost(worker, false);
        }
      }
    }
  }
}
