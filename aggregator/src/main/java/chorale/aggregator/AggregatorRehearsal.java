package chorale.aggregator;

import chorale.aggregator.Aggregator.Dependencies;
import chorale.config.AggregatorSettings;
import chorale.config.ReplyKeys;
import chorale.protocol.Address;
import chorale.protocol.Assignment;
import chorale.protocol.Bytes;
import chorale.protocol.Calibration;
import chorale.protocol.Digests;
import chorale.protocol.Message;
import chorale.protocol.Ranked;
import chorale.protocol.Reply;
import chorale.protocol.ReplyCodec;
import chorale.protocol.RequestKey;
import chorale.protocol.Role;
import chorale.protocol.SigningKey;
import chorale.protocol.StatusCodec;
import chorale.protocol.Strategy;
import chorale.protocol.Topics;
import chorale.protocol.Topics.StatusKind;
import chorale.protocol.WorkerInfo;
import chorale.protocol.bus.Rehearsal;
import chorale.protocol.bus.ServiceEndedException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A warm-up with synthetic requests before an aggregator connects, so that its first real request
 * takes hardly longer than later ones. Used by one thread.
 */
public final class AggregatorRehearsal {
  private static final String CAMERA = "rehearsal";
  private static final int FRAME_BYTES = 10_000;
  private static final int VARIANTS = 5;
  private static final List<String> CLASSES = List.of("first", "second", "third");
  private static final Calibration CALIBRATION =
      new Calibration(List.of(0.0, 1.0), List.of(0.0, 1.0));

  private final StatusCodec status = new StatusCodec();
  private final Topics topics;

  /** Codecs by worker; each worker has the name of its variant. */
  private final Map<String, ReplyCodec> replies = new HashMap<>();

  private AggregatorRehearsal(Topics topics, Map<String, SigningKey> keys) {
    this.topics = topics;
    for (int variant = 1; variant <= VARIANTS; variant++) {
      String worker = author(variant).worker();
      replies.put(worker, keys.isEmpty() ? new ReplyCodec() : new ReplyCodec(keys.get(worker)));
    }
  }

  /** Returns fixed keys; secrecy is unnecessary because the bus has no other clients. */
  private static Map<String, SigningKey> keys() {
    Map<String, SigningKey> keys = new HashMap<>();
    for (int variant = 1; variant <= VARIANTS; variant++) {
      keys.put(author(variant).worker(), new SigningKey(Bytes.wrap(new byte[SigningKey.BYTES])));
    }
    return keys;
  }

  /**
   * Warms up for at most 1 s. Skipped unless the strategy is variant.
   *
   * @param dependencies those of the aggregator that will be opened
   */
  public static void run(AggregatorSettings settings, Topics topics, Dependencies dependencies)
      throws ServiceEndedException, InterruptedException {
    if (settings.strategy() != Strategy.VARIANT) {
      return;
    }
    Optional<Map<String, SigningKey>> keys = dependencies.keys().map(any -> keys());
    var made = new AggregatorRehearsal(topics, keys.orElse(Map.of()));
    Rehearsal rehearsal =
        new Rehearsal(
            made::request,
            said -> topics.parse(said.topic()) instanceof Address.Result,
            dependencies.ticker());
    try (Aggregator aggregator =
        new Aggregator(
            settings,
            topics,
            dependencies.on(rehearsal.buses(), keys.map(ReplyKeys::of)),
            GroupRules.WITHOUT_OTHERS)) {
      rehearsal.run(aggregator);
    }
  }

  /**
   * Returns a new frame and every variant's vote for it; the first request also announces the
   * workers.
   */
  private List<Message> request(int number) {
    List<Message> messages = new ArrayList<>();
    for (int variant = 1; number == 0 && variant <= VARIANTS; variant++) {
      messages.add(announced(variant, StatusKind.INFO, status.encode(info(variant))));
      messages.add(announced(variant, StatusKind.AVAILABILITY, StatusCodec.ONLINE));
    }
    byte[] frame = ByteBuffer.allocate(FRAME_BYTES).putInt(number).array();
    messages.add(Message.of(topics.image(CAMERA), Bytes.wrap(frame)));
    RequestKey key = RequestKey.of(CAMERA, Optional.empty(), Bytes.wrap(frame));
    for (int variant = 1; variant <= VARIANTS; variant++) {
      messages.add(vote(key, variant));
    }
    return messages;
  }

  private Message announced(int variant, StatusKind kind, Bytes said) {
    return Message.retained(topics.status(Role.WORKER, author(variant).worker(), kind), said);
  }

  private static WorkerInfo info(int variant) {
    return new WorkerInfo(
        author(variant),
        "rehearsal",
        CLASSES,
        1,
        1,
        CALIBRATION,
        Assignment.VARIANT,
        ReplyCodec.SCHEMA,
        "");
  }

  /** Returns a vote. The votes disagree, so that the bound does not skip any of them. */
  private Message vote(RequestKey key, int variant) {
    Reply.Author author = author(variant);
    List<Ranked> ranked =
        List.of(
            new Ranked(variant % CLASSES.size(), .6),
            new Ranked((variant + 1) % CLASSES.size(), .3));
    Reply reply = new Reply(key, CAMERA, author, new Reply.Outcome.TopK(ranked), 0, 0);
    String topic = topics.reply(CAMERA, author.variant(), author.worker());
    return Message.of(topic, replies.get(author.worker()).encode(reply));
  }

  private static Reply.Author author(int variant) {
    String name = "V" + variant;
    long digest = Digests.prefix(Digests.ofClasses(CLASSES));
    return new Reply.Author(name, name, 0, .35, 64 + 32 * variant, CLASSES.size(), digest, variant);
  }
}
