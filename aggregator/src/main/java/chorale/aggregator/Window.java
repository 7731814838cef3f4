package chorale.aggregator;

import chorale.aggregator.Roster.VariantEntry;
import chorale.aggregator.SiteModels.ClassList;
import chorale.aggregator.fusion.Vote;
import chorale.aggregator.strategy.Expected;
import chorale.protocol.Failure;
import chorale.protocol.Reply;
import chorale.protocol.Reply.Outcome;
import chorale.protocol.Request;
import chorale.protocol.Result.DecidedBy;
import chorale.protocol.Strategy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The collection of votes for one request, from its frame's arrival to its decision. Holds at most
 * {@value #MAX_VARIANTS} variants and {@value #MAX_RESPONSE_TOPICS} response topics. Owned by the
 * aggregator's thread; times are nanoseconds of its ticker.
 *
 * <p>The window waits for the variants that were in the roster when it opened. It accepts votes of
 * variants that joined later without waiting for them; until they vote, they count as missing. The
 * set of quarantined workers is fixed when the window opens, so that its bound stays valid.
 */
final class Window {
  static final int MAX_VARIANTS = 256;
  static final int MAX_RESPONSE_TOPICS = 4;

  private final Request request;
  private final long openedNanos;
  private final long deadlineNanos;
  private final int connection;
  private Succession succession;
  private final Strategy strategy;

  private final Set<String> quarantined;
  private final List<String> silenced;
  private final List<VariantState> states;
  private final List<String> responseTopics = new ArrayList<>(1);
  private Optional<ClassList> classes;
  private int votes;
  private Optional<DecidedBy> decision = Optional.empty();
  private boolean again;
  private Set<String> outvoted = Set.of();

  /** The last tier that is asked; the frame itself asks the first tier. */
  private int tier = 1;

  private boolean hasTiers;
  private boolean askedAloud;

  /**
   * @param openedNanos arrival of its frame
   * @param connection number of the broker connection on which the frame arrived
   */
  Window(Request request, Roster roster, Succession succession, long openedNanos, int connection) {
    this.request = request;
    this.openedNanos = openedNanos;
    this.deadlineNanos = openedNanos + request.budgetMillis() * 1_000_000L;
    this.connection = connection;
    this.succession = succession;
    this.strategy = roster.strategy();
    this.classes = roster.models().classes();
    this.quarantined = roster.quarantined();
    this.silenced = roster.silenced();
    this.states = new ArrayList<>(roster.entries().size() + 1);
    for (VariantEntry entry : roster.entries()) {
      if (states.size() < MAX_VARIANTS) {
        add(states.size(), entry, expected(entry));
      }
    }
    ask(tier);
    request.responseTopic().ifPresent(this::answerTo);
  }

  private Expected expected(VariantEntry entry) {
    return Expected.of(strategy, entry.stages(), request.key());
  }

  /**
   * Sets the workers whose votes do not count, for the whole lifetime of the window: the bound and
   * the decision must use the same rule.
   *
   * @param workers immutable
   */
  void outvote(Set<String> workers) {
    outvoted = workers;
  }

  /** Returns the variants whose vote came from an outvoted worker. */
  Set<String> outvoted() {
    return outvoted.isEmpty()
        ? outvoted
        : states.stream()
            .filter(state -> state.vote().filter(this::isOutvoted).isPresent())
            .map(VariantState::variant)
            .collect(Collectors.toSet());
  }

  private boolean isOutvoted(VariantState.Accepted vote) {
    return outvoted.contains(vote.reply().author().worker());
  }

  Request request() {
    return request;
  }

  long openedNanos() {
    return openedNanos;
  }

  long deadlineNanos() {
    return deadlineNanos;
  }

  boolean isPast(long nanos) {
    return nanos - deadlineNanos > 0;
  }

  int connection() {
    return connection;
  }

  /** Returns the order in which members may publish its result. */
  Succession succession() {
    return succession;
  }

  /** Sets the publishing order if the group became known only after this window opened. */
  void succeed(Succession known) {
    succession = known;
  }

  /** Marks that the frame arrived again after its request was decided. */
  void comesAgain() {
    again = true;
  }

  /**
   * Returns whether the frame arrived again. Another aggregator may have received both copies
   * before its decision; it then has one window for both.
   */
  boolean isAgain() {
    return again;
  }

  /** Returns the variants in the order of their ids. */
  List<VariantState> states() {
    return states;
  }

  // ---- tiers

  /** Returns the last tier that is asked; empty on a site without tiers. */
  Optional<Integer> shownTier() {
    return hasTiers ? Optional.of(tier) : Optional.empty();
  }

  int tier() {
    return tier;
  }

  boolean isEscalated() {
    return tier > 1;
  }

  /** Returns the next tier with workers that may vote; empty if there is none. */
  OptionalInt nextTier() {
    return hasTiers
        ? states.stream()
            .filter(VariantState::canBeAsked)
            .mapToInt(VariantState::tier)
            .filter(each -> each > tier)
            .min()
        : OptionalInt.empty();
  }

  /** Returns the shortest inference time of a tier. */
  double fastestMillis(int of) {
    return states.stream()
        .filter(each -> each.tier() == of)
        .mapToDouble(VariantState::millis)
        .min()
        .orElse(0);
  }

  /** Asks all tiers up to this one, and waits for them. */
  void ask(int upTo) {
    askedAloud &= upTo == tier;
    tier = upTo;
    for (VariantState state : states) {
      if (state.tier() <= upTo) {
        state.ask();
      }
    }
  }

  /** Marks that this aggregator has published the ask for the last tier. */
  void askedAloud() {
    askedAloud = true;
  }

  boolean isAskedAloud() {
    return askedAloud;
  }

  /** Returns whether the window waits for no vote, so that a later tier may be asked. */
  boolean expectsNobody() {
    return hasTiers && states.stream().noneMatch(VariantState::isPending);
  }

  /** Returns the workers, by name, that were online but whose votes do not count here. */
  List<String> silenced() {
    return silenced;
  }

  Optional<ClassList> classes() {
    return classes;
  }

  List<String> responseTopics() {
    return responseTopics;
  }

  /**
   * @return false if there are already too many topics
   */
  boolean answerTo(String topic) {
    if (responseTopics.contains(topic)) {
      return true;
    }
    if (responseTopics.size() >= MAX_RESPONSE_TOPICS) {
      return false;
    }
    return responseTopics.add(topic);
  }

  int votes() {
    return votes;
  }

  /**
   * Stops accepting votes. The result is published at once or later, by this or another aggregator.
   */
  void decide(DecidedBy by) {
    decision = Optional.of(by);
  }

  /** Returns what decided the window; empty while it is undecided. */
  Optional<DecidedBy> decision() {
    return decision;
  }

  /**
   * Handles a reply to this request and returns its outcome.
   *
   * @param reply of a worker of the roster, from the network that it announced
   * @param roster provides the class list if none was known when this window opened
   */
  Counter take(Reply reply, long arrivedNanos, Roster roster) {
    Reply.Author author = reply.author();
    classes = classes.or(() -> roster.models().classes());
    if (classes.filter(list -> list.digest() == author.classDigest()).isEmpty()) {
      return Counter.FOREIGN;
    }
    if (quarantined.contains(author.worker())) {
      return Counter.EXCLUDED;
    }
    int at = find(author.variant());
    Optional<VariantEntry> entry = at < 0 ? roster.entryOf(author.worker()) : Optional.empty();
    if (at < 0 && (states.size() >= MAX_VARIANTS || entry.isEmpty())) {
      return Counter.FOREIGN;
    }
    if (isPast(arrivedNanos) || decision.isPresent()) {
      return Counter.LATE;
    }
    if (hasReplied(author.worker())) {
      return Counter.DUPLICATE;
    }
    if (at < 0) {
      at = -at - 1;
      add(at, entry.get(), Expected.nobody(strategy, false));
      ask(tier);
    }
    VariantState state = states.get(at);
    if (!state.isAsked()) {
      return Counter.UNASKED;
    }
    state.expected().replied(author.worker());
    if (state.vote().isPresent()) {
      return Counter.REDUNDANT;
    }
    if (reply.outcome() instanceof Failure failure) {
      state.fail(author.worker(), failure);
      return Counter.FAILED;
    }
    Vote vote = vote(author, (Outcome.TopK) reply.outcome());
    state.accept(new VariantState.Accepted(vote, reply, arrivedNanos));
    votes++;
    return Counter.ACCEPTED;
  }

  static Vote vote(Reply.Author author, Outcome.TopK topk) {
    return new Vote(
        author.variant(), author.alpha(), author.inputSize(), author.classCount(), topk.ranked());
  }

  /** Returns whether the worker has replied for any variant: each worker has one vote. */
  private boolean hasReplied(String worker) {
    for (VariantState state : states) {
      if (state.expected().hasReplied(worker)) {
        return true;
      }
    }
    return false;
  }

  /** Removes an unavailable worker; returns whether the window waited for it. */
  boolean lose(String worker, boolean byWill) {
    boolean waited = false;
    for (VariantState state : states) {
      boolean pending = state.isPending();
      state.expected().lose(worker, byWill);
      waited |= pending && !state.isPending();
    }
    return waited;
  }

  /**
   * Handles a worker that the roster learned about after this window opened.
   *
   * @param wasThere whether it had announced itself before the window opened, and is available
   */
  void join(String worker, VariantEntry entry, boolean wasThere) {
    Expected now = expected(entry);
    int at = find(entry.variant());
    if (at < 0) {
      if (states.size() >= MAX_VARIANTS) {
        return;
      }
      at = -at - 1;
      add(at, entry, Expected.nobody(strategy, now.isOffline()));
      ask(tier);
    }
    states.get(at).join(worker, entry, now, wasThere);
  }

  private void add(int at, VariantEntry entry, Expected expected) {
    states.add(at, new VariantState(entry, expected));
    hasTiers |= entry.tier() > 1;
  }

  /** Returns the variant's index, or {@code -(insertion point) - 1}. */
  private int find(String variant) {
    for (int i = 0; i < states.size(); i++) {
      int order = states.get(i).variant().compareTo(variant);
      if (order == 0) {
        return i;
      }
      if (order > 0) {
        return -i - 1;
      }
    }
    return -states.size() - 1;
  }
}
