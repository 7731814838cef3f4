package chorale.dashboard;

import chorale.protocol.Address;
import chorale.protocol.AggregatorInfo;
import chorale.protocol.Bytes;
import chorale.protocol.Fleet;
import chorale.protocol.MalformedException;
import chorale.protocol.Message;
import chorale.protocol.Result;
import chorale.protocol.Role;
import chorale.protocol.StatusCodec;
import chorale.protocol.Topics;
import chorale.protocol.Trust;
import chorale.protocol.TrustCodec;
import chorale.protocol.WorkerInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The boards and aggregators of a site, from their own messages. Owned by the dashboard's thread.
 */
final class FleetCards {
  static final int MAX_BOARDS = 100;
  static final int MAX_AGGREGATORS = 32;

  private final StatusCodec codec = new StatusCodec();
  private final TrustCodec trustCodec = new TrustCodec();
  private final CardTable<BoardCard> boards;
  private final CardTable<AggregatorCard> aggregators;

  /** Trust by worker, including boards without an info message. */
  private final Map<String, Trust> trusts = new HashMap<>();

  FleetCards(long spacingNanos) {
    boards = new CardTable<>(MAX_BOARDS, spacingNanos, BoardCard::new);
    aggregators = new CardTable<>(MAX_AGGREGATORS, spacingNanos, AggregatorCard::new);
  }

  CardTable<BoardCard> boards() {
    return boards;
  }

  CardTable<AggregatorCard> aggregators() {
    return aggregators;
  }

  boolean hasChanged() {
    return boards.hasChanged() || aggregators.hasChanged();
  }

  /** Resets all states to unknown after a reconnect, until new messages arrive. */
  void connected() {
    trusts.clear();
    boards.all().forEach(card -> card.state(ServiceState.UNKNOWN));
    aggregators.all().forEach(card -> card.state(ServiceState.UNKNOWN));
    boards.touchAll();
    aggregators.touchAll();
  }

  /** Updates a board's last-seen time and inference time from its vote. */
  void voted(Result.Answered vote, long now) {
    if (boards.find(vote.worker()).isPresent()) {
      BoardCard card = boards.touch(vote.worker());
      card.heard(now);
      card.inference(CameraCard.number(vote.inferenceMillis()));
    }
  }

  List<String> readyAggregators() {
    return aggregators.all().stream()
        .filter(AggregatorCard::isReady)
        .map(AggregatorCard::name)
        .toList();
  }

  /**
   * Applies a status message.
   *
   * @throws MalformedException if it is malformed or its name differs from the topic's; the state
   *     is then unchanged
   */
  void status(Address.Status of, Message message, long now) throws MalformedException {
    if (of.role() == Role.WORKER) {
      boolean isInfo = of.kind() == Topics.StatusKind.INFO && !message.payload().isEmpty();
      if (isInfo) {
        WorkerInfo info = codec.decodeWorkerInfo(message.payload());
        require(of.name(), info.author().worker());
        BoardCard card = boards.touch(of.name());
        card.info(info);
        card.trust(Optional.ofNullable(trusts.get(of.name())));
      } else {
        status(boards, of, message, now);
      }
    } else {
      boolean isInfo = of.kind() == Topics.StatusKind.INFO && !message.payload().isEmpty();
      if (isInfo) {
        AggregatorInfo info = codec.decodeAggregatorInfo(message.payload());
        require(of.name(), info.name());
        aggregators.touch(of.name()).info(info);
      } else {
        status(aggregators, of, message, now);
      }
    }
  }

  /**
   * Applies a trust message, which says whether a board's votes count; an empty one clears the
   * retained message.
   *
   * @throws MalformedException if it is malformed; the state is then unchanged
   */
  void trust(String worker, Bytes payload) throws MalformedException {
    if (payload.isEmpty()) {
      trusts.remove(worker);
    } else if (trusts.containsKey(worker) || trusts.size() < Fleet.MAX_MEMBERS) {
      trusts.put(worker, trustCodec.decodeTrust(worker, payload));
    }
    if (boards.find(worker).isPresent()) {
      boards.touch(worker).trust(Optional.ofNullable(trusts.get(worker)));
    }
  }

  private static void require(String topic, String content) throws MalformedException {
    if (!topic.equals(content)) {
      throw new MalformedException("its name differs from the topic: " + content);
    }
  }

  /**
   * Applies availability and health of boards and aggregators; an empty message clears the retained
   * one.
   */
  private static <C extends ServiceCard> void status(
      CardTable<C> table, Address.Status of, Message message, long now) throws MalformedException {
    Bytes payload = message.payload();
    if (payload.isEmpty()) {
      table.find(of.name()).ifPresent(card -> clear(table, card, of.kind()));
      return;
    }
    if (of.kind() == Topics.StatusKind.HEALTH) {
      HealthReader.Reading reading = HealthReader.read(payload);
      C card = table.touch(of.name());
      card.health(reading);
      card.heard(message.retain() ? reading.believedMillis(now) : now);
    } else {
      C card = table.touch(of.name());
      boolean online = payload.equals(StatusCodec.ONLINE);
      card.state(online ? ServiceState.ONLINE : ServiceState.OFFLINE);
      if (online && !message.retain()) {
        card.heard(now);
      }
    }
  }

  private static <C extends ServiceCard> void clear(
      CardTable<C> table, C card, Topics.StatusKind kind) {
    table.touch(card.name());
    switch (kind) {
      case AVAILABILITY -> card.state(ServiceState.OFFLINE);
      case INFO -> card.forgetInfo();
      case HEALTH -> {}
    }
    if (!card.isAnnounced() && card.state() != ServiceState.ONLINE) {
      table.remove(card.name());
    }
  }
}
