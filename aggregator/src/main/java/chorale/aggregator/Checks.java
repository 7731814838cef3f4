package chorale.aggregator;

import chorale.aggregator.trust.ImageVariation;
import chorale.aggregator.trust.KeptFrames;
import chorale.aggregator.trust.KeptFrames.Kept;
import chorale.aggregator.trust.Quarantine;
import chorale.config.AggregatorSettings;
import chorale.protocol.Ask;
import chorale.protocol.AskCodec;
import chorale.protocol.Bytes;
import chorale.protocol.Message;
import chorale.protocol.Replica;
import chorale.protocol.Reply;
import chorale.protocol.Reply.Outcome.TopK;
import chorale.protocol.Request;
import chorale.protocol.RequestKey;
import chorale.protocol.Strategy;
import chorale.protocol.Topics;
import chorale.protocol.TrustCodec;
import chorale.protocol.TrustCodec.Notice;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * A scheduler of self-checks of the boards (docs/liars.md). From time to time, the first ready
 * aggregator by name sends an old frame again with the same pixels but different bytes ({@link
 * ImageVariation}). It compares each board's new vote with its old one. It first publishes a
 * notice, so that no aggregator opens a window, publishes a result or counts statistics for the
 * check. Off unless {@code aggregator.withstand} is above 0 and the strategy is variant. Owned by
 * the aggregator's thread; times are nanoseconds of its ticker.
 */
final class Checks {
  /**
   * Delay between the notice's return and the frame; by then, the other aggregators have the
   * notice.
   */
  static final long NOTICE_NANOS = 500_000_000L;

  /** Time after which a notice that has not returned is dropped: the connection may be dead. */
  private static final long GIVEN_UP_NANOS = 5_000_000_000L;

  private static final long LOOK_NANOS = 1_000_000_000L;
  private static final int MAX_KNOWN = 64;

  /** Maximum number of bytes hashed in one turn, to find a variation that all replicas answer. */
  private static final long BYTES_A_TURN = 512 << 10;

  private final boolean on;
  private final int boards;
  private final String own;
  private final Topics topics;
  private final Roster roster;
  private final Group group;
  private final TrustDesk trust;
  private final Consumer<Message> publisher;
  private final Counters counters;
  private final SplittableRandom random;
  private final TrustCodec codec = new TrustCodec();

  private final KeptFrames frames;

  /** The old replies of each check by worker; empty for checks by other aggregators. */
  private final Map<RequestKey, Map<String, Reply>> known = new LinkedHashMap<>();

  private Optional<Kept> chosen = Optional.empty();
  private Optional<Announced> announced = Optional.empty();
  private long dueNanos;

  /** A check whose notice has been published. */
  private record Announced(Request of, RequestKey key, Message frame, long nanos, boolean isBack) {
    Announced back() {
      return new Announced(of, key, frame, nanos, true);
    }
  }

  /** The dependencies of the checks. */
  record Dependencies(
      Topics topics,
      Roster roster,
      Group group,
      TrustDesk trust,
      Consumer<Message> publisher,
      Counters counters,
      long seed) {}

  Checks(AggregatorSettings settings, Dependencies with, long nowNanos) {
    this.on = areOn(settings);
    this.boards = settings.withstand();
    this.own = settings.name();
    this.topics = with.topics();
    this.roster = with.roster();
    this.group = with.group();
    this.trust = with.trust();
    this.publisher = with.publisher();
    this.counters = with.counters();
    this.random = new SplittableRandom(with.seed());
    this.frames =
        new KeptFrames(
            settings.checkEvery().toNanos(),
            settings.checkEvery().multipliedBy(Quarantine.RARER).toNanos(),
            random,
            nowNanos);
    this.dueNanos = nowNanos;
  }

  /**
   * Returns whether checks are on: the settings allow for lying boards, and the strategy fuses
   * votes.
   */
  static boolean areOn(AggregatorSettings settings) {
    return settings.withstand() > 0 && settings.strategy() == Strategy.VARIANT;
  }

  // ---- received

  /** Handles a frame; it may be kept for a later check unless it is a check itself. */
  void hear(Request request, Message message, long nowNanos) {
    if (on && !isCheck(request.key())) {
      frames.hear(request, message, nowNanos);
    }
  }

  /** Handles the notice of a check by any aggregator, possibly this one. */
  void hear(Notice notice, long nowNanos) {
    known(notice.key(), Map.of());
    if (announced.filter(each -> each.key().equals(notice.key())).isPresent()) {
      announced = announced.map(Announced::back);
      dueNanos = nowNanos + NOTICE_NANOS;
    }
  }

  private void known(RequestKey key, Map<String, Reply> before) {
    known.putIfAbsent(key, new LinkedHashMap<>(before));
    if (known.size() > MAX_KNOWN) {
      known.remove(known.keySet().iterator().next());
    }
  }

  boolean isCheck(RequestKey key) {
    return known.containsKey(key);
  }

  /**
   * Handles a reply whose author matches the network that its worker announced.
   *
   * @return whether it answers a check and therefore is no vote
   */
  boolean hear(Reply reply, long nowNanos) {
    if (!on || roster.info(reply.author().worker()).isEmpty()) {
      return false;
    }
    Map<String, Reply> before = known.get(reply.key());
    if (before == null) {
      frames.hear(reply);
      return false;
    }
    if (reply.outcome() instanceof TopK && group.leads()) {
      Optional.ofNullable(before.remove(reply.author().worker()))
          .filter(old -> old.author().equals(reply.author()))
          .ifPresent(old -> compare(old, reply, nowNanos));
    }
    return true;
  }

  private void compare(Reply old, Reply now, long nowNanos) {
    double difference = ReplicaCheck.difference(old, now);
    String why =
        "its probabilities changed when a frame of camera %s was sent again (by up to %.4f)"
            .formatted(old.camera(), difference);
    boolean right = difference <= ReplicaCheck.TOLERANCE;
    trust.judged(old.author().worker(), right, why, nowNanos);
  }

  /**
   * Handles different votes of replicas for one request. If liars cannot be in the majority, the
   * replica that differs from all others has failed; otherwise all of them are checked.
   *
   * @return whether that is final regardless of further replies
   */
  boolean disagree(List<Reply> replies, long nowNanos) {
    if (!on || !group.leads()) {
      return true;
    }
    boolean canTell = replies.size() > 2 * boards;
    Optional<Reply> odd = canTell ? ReplicaCheck.oddOne(replies) : Optional.empty();
    odd.ifPresentOrElse(
        reply ->
            trust.judged(
                reply.author().worker(),
                false,
                "it disagrees with %d replicas that agree about request %s"
                    .formatted(replies.size() - 1, reply.key()),
                nowNanos),
        () -> replies.forEach(each -> trust.suspect(each.author().worker(), nowNanos)));
    return odd.isPresent();
  }

  // ---- sent

  /** Drops a pending check after a reconnect, because its notice may be lost. */
  void connected() {
    chosen = Optional.empty();
    announced = Optional.empty();
  }

  /** Takes the next step if it is due. */
  void advance(long now) {
    if (!on || now - dueNanos < 0) {
      return;
    }
    dueNanos = now + LOOK_NANOS;
    if (!group.leads()) {
      connected();
    } else if (announced.isPresent()) {
      Announced own = announced.get();
      if (own.isBack()) {
        counters.add(Counter.CHECKS_SENT);
        publisher.accept(own.frame());
        askLaterTiers(own);
      }
      if (own.isBack() || now - own.nanos() >= GIVEN_UP_NANOS) {
        announced = Optional.empty();
      }
    } else {
      chosen = chosen.or(() -> choose(now));
      chosen.ifPresent(kept -> announce(kept, now));
    }
  }

  /** Asks the later tiers about a check; their boards answer only frames they are asked about. */
  private void askLaterTiers(Announced check) {
    for (int tier : roster.tiers().numbers()) {
      if (tier > 1) {
        publisher.accept(
            AskCodec.message(
                topics.ask(check.of().camera(), tier),
                new Ask(check.key(), check.of().budgetMillis())));
      }
    }
  }

  long nanosUntilDue(long now) {
    return on ? Math.max(0, dueNanos - now) : Long.MAX_VALUE;
  }

  /** Chooses a kept frame that was answered by a board that is due for a check. */
  private Optional<Kept> choose(long now) {
    return trust.due(roster.online(), now).stream()
        .flatMap(worker -> roster.info(worker).stream())
        .flatMap(info -> frames.any(info.author()).stream())
        .findFirst();
  }

  /**
   * Creates a variation of the frame and publishes its notice. If the site has replicas, it chooses
   * a variation that all replicas answer.
   */
  private void announce(Kept kept, long now) {
    Message before = kept.message();
    boolean forAll = roster.hasReplicas();
    for (long hashed = 0; hashed <= BYTES_A_TURN; hashed += before.bytes()) {
      Bytes image = ImageVariation.of(before.payload(), random).orElseThrow();
      RequestKey key =
          RequestKey.of(kept.request().camera(), before.properties().correlation(), image);
      if (!forAll || Replica.isForAll(key)) {
        known(key, kept.replies());
        kept.replies().keySet().forEach(worker -> trust.asked(worker, now));
        publisher.accept(
            Message.retained(
                topics.check(own), codec.encode(new Notice(key, kept.request().key()))));
        Message frame =
            new Message(
                before.topic(),
                image,
                before.qos(),
                false,
                before.properties().withResponseTopic(Optional.empty()));
        announced = Optional.of(new Announced(kept.request(), key, frame, now, false));
        chosen = Optional.empty();
        return;
      }
    }
    dueNanos = now;
  }
}
