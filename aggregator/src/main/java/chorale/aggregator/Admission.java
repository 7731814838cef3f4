package chorale.aggregator;

import chorale.protocol.Address;
import chorale.protocol.Address.Form;
import chorale.protocol.IgnoredReason;
import chorale.protocol.Judgement;
import chorale.protocol.MalformedException;
import chorale.protocol.Message;
import chorale.protocol.Names;
import chorale.protocol.PrintableText;
import chorale.protocol.Reply;
import chorale.protocol.ReplyCodec;
import chorale.protocol.Request;
import chorale.protocol.RequestRules;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.Set;

/**
 * The check of frames and replies on arrival. Requests and replies of this site go on to the {@link
 * Decider}; everything else is counted and left alone. Owned by the aggregator's thread.
 */
final class Admission {
  private static final System.Logger LOG = System.getLogger(Admission.class.getName());

  private static final int MAX_WARNED = 100;
  private static final int MAX_SHOWN = 128;

  private final RequestRules rules;
  private final ReplyCodec codec;
  private final Roster roster;
  private final Decider decider;
  private final Counters counters;

  /** Topics that were warned of; after {@value #MAX_WARNED} it falls silent. */
  private final Set<String> warned = new HashSet<>();

  Admission(RequestRules rules, ReplyCodec codec, Roster roster, Decider decider) {
    this.rules = rules;
    this.codec = codec;
    this.roster = roster;
    this.decider = decider;
    this.counters = decider.counters();
  }

  /** Takes in a message that is no status message. */
  void hear(Address address, Message message, long arrivedNanos) {
    if (address instanceof Address.Reply || isInvalid(address, Form.REPLY)) {
      reply(address, message, arrivedNanos);
    } else if (address instanceof Address.Image || isInvalid(address, Form.IMAGE)) {
      frame(address, message, arrivedNanos);
    }
  }

  private static boolean isInvalid(Address address, Form form) {
    return address instanceof Address.InvalidName invalid && invalid.form() == form;
  }

  private void frame(Address address, Message message, long arrivedNanos) {
    counters.add(Counter.FRAMES);
    Judgement<Request> judgement = rules.judge(address, message);
    if (judgement instanceof Judgement.Accepted<Request> accepted) {
      decider.request(accepted.value(), arrivedNanos);
    } else if (judgement instanceof Judgement.Bad<Request> bad) {
      decider.badRequest(bad.value(), bad.detail(), arrivedNanos);
    } else if (judgement instanceof Judgement.Ignored<Request> ignored) {
      counters.add(Counter.of(ignored.reason()));
      if (ignored.reason() == IgnoredReason.INVALID_NAME) {
        warn(message.topic());
      }
    }
  }

  private void reply(Address address, Message message, long arrivedNanos) {
    counters.add(Counter.RECEIVED);
    Reply reply;
    try {
      reply = codec.decode(message.payload());
    } catch (MalformedException e) {
      counters.add(Counter.MALFORMED);
      return;
    }
    String worker = reply.author().worker();
    if (address instanceof Address.InvalidName) {
      counters.add(Counter.FOREIGN);
      counters.add(Counter.REPLIES_INVALID_NAME);
      warn(message.topic());
    } else if (!agree(address, reply) || roster.isExcluded(worker)) {
      counters.add(Counter.FOREIGN);
    } else {
      if (roster.heard(worker)) {
        LOG.log(Level.INFO, "worker {0} answers again", worker);
      }
      decider.reply(reply, arrivedNanos);
    }
  }

  private void warn(String topic) {
    String shown = PrintableText.ascii(topic, MAX_SHOWN);
    if (warned.size() < MAX_WARNED && warned.add(shown)) {
      LOG.log(
          Level.WARNING,
          "topic ''{0}'': a name in it is not valid (allowed: {1}); ignored",
          shown,
          Names.ALLOWED);
    }
  }

  /** Whether a reply came on the topic that its content belongs to. */
  private static boolean agree(Address address, Reply reply) {
    return address instanceof Address.Reply on
        && on.camera().equals(reply.camera())
        && on.variant().equals(reply.author().variant())
        && on.worker().equals(reply.author().worker());
  }
}
