package chorale.aggregator;

import chorale.protocol.Address;
import chorale.protocol.Address.Form;
import chorale.protocol.IgnoredReason;
import chorale.protocol.Judgment;
import chorale.protocol.MalformedException;
import chorale.protocol.Message;
import chorale.protocol.ReceivedReply;
import chorale.protocol.Reply;
import chorale.protocol.ReplyCodec;
import chorale.protocol.Request;
import chorale.protocol.RequestRules;

/**
 * A validator of arriving frames and replies. It passes requests and valid replies of this site to
 * the {@link Decider}, bad requests for a result with an error. It counts all other messages, and
 * logs some of them. Owned by the aggregator's thread.
 */
final class Admission {
  private final RequestRules rules;
  private final ReplyCodec codec = new ReplyCodec();
  private final TrustedWorkers trusted;
  private final Decider decider;
  private final Checks checks;
  private final NearMisses nearMisses;
  private final Counters counters;

  Admission(
      RequestRules rules,
      TrustedWorkers trusted,
      Decider decider,
      Checks checks,
      NearMisses nearMisses) {
    this.rules = rules;
    this.trusted = trusted;
    this.decider = decider;
    this.checks = checks;
    this.nearMisses = nearMisses;
    this.counters = decider.counters();
  }

  /** Handles a frame, a reply, or a message on an unknown topic. */
  void hear(Address address, Message message, long arrivedNanos) {
    if (address instanceof Address.Reply || isInvalid(address, Form.REPLY)) {
      reply(address, message, arrivedNanos);
    } else if (address instanceof Address.Image || isInvalid(address, Form.IMAGE)) {
      frame(address, message, arrivedNanos);
    } else if (nearMisses.hear(message.topic())) {
      counters.add(Counter.TOPICS_NEARLY_RIGHT);
    }
  }

  private static boolean isInvalid(Address address, Form form) {
    return address instanceof Address.InvalidName invalid && invalid.form() == form;
  }

  private void frame(Address address, Message message, long arrivedNanos) {
    counters.add(Counter.FRAMES);
    Judgment<Request> judgment = rules.judge(address, message);
    if (judgment instanceof Judgment.Accepted<Request> accepted) {
      checks.hear(accepted.value(), message, arrivedNanos);
      decider.request(accepted.value(), arrivedNanos);
    } else if (judgment instanceof Judgment.Bad<Request> bad) {
      decider.badRequest(bad.value(), bad.detail(), arrivedNanos);
    } else if (judgment instanceof Judgment.Ignored<Request> ignored) {
      counters.add(Counter.of(ignored.reason()));
      if (ignored.reason() == IgnoredReason.INVALID_NAME) {
        nearMisses.hearInvalidName(message.topic());
      }
    }
  }

  /** Handles a frame whose payload was dropped because the inbox was full. */
  void shed(Request request, long arrivedNanos) {
    counters.add(Counter.FRAMES);
    decider.shed(request, arrivedNanos);
  }

  private void reply(Address address, Message message, long arrivedNanos) {
    counters.add(Counter.RECEIVED);
    ReceivedReply received;
    try {
      received = codec.receive(message.payload());
    } catch (MalformedException e) {
      counters.add(Counter.MALFORMED);
      return;
    }
    if (address instanceof Address.InvalidName) {
      counters.add(Counter.FOREIGN);
      counters.add(Counter.REPLIES_INVALID_NAME);
      nearMisses.hearInvalidName(message.topic());
    } else {
      reply((Address.Reply) address, received, arrivedNanos);
    }
  }

  private void reply(Address.Reply on, ReceivedReply received, long arrivedNanos) {
    Reply reply = received.reply();
    if (!on.worker().equals(reply.author().worker())) {
      String reason = "a reply names " + reply.author().worker() + " as its worker";
      trusted.report(Counter.FOREIGN, on.worker(), reason, arrivedNanos);
      counters.add(Counter.FOREIGN);
    } else if (!on.camera().equals(reply.camera())
        || !on.variant().equals(reply.author().variant())) {
      counters.add(Counter.FOREIGN);
    } else {
      trusted
          .disbelieve(received, arrivedNanos)
          .ifPresentOrElse(counters::add, () -> decider.reply(reply, arrivedNanos));
    }
  }
}
