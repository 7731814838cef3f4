package chorale.bench;

import chorale.evaluation.measurement.MeasurementException;
import chorale.protocol.Bytes;
import chorale.protocol.Topics;
import chorale.protocol.Topics.Address;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Session;
import chorale.protocol.bus.Subscription;
import java.util.List;
import java.util.Optional;

/** How large a reply and a result are, overheard on a site that answers. One owning thread. */
final class MessageSizes {
  private MessageSizes() {}

  /** The payloads of one answer: the frame itself, then a reply and a result of the same sizes. */
  static List<Bytes> of(LiveSystem system, String site, BusFactory buses)
      throws MeasurementException, InterruptedException {
    Topics topics = new Topics(site);
    Inbox inbox = new Inbox(1_000, 16L << 20);
    Session session =
        new Session(
            "chorale-bench-sizes",
            List.of(
                Subscription.live(topics.replyFilter()), Subscription.live(topics.resultFilter())),
            Optional.empty(),
            List.of());
    Optional<Bytes> reply = Optional.empty();
    Optional<Bytes> result = Optional.empty();
    try (Bus bus = buses.open(session, inbox)) {
      while (!bus.isConnected()) {
        inbox.await(10_000_000L);
      }
      for (int turn = 0; turn < 200 && (reply.isEmpty() || result.isEmpty()); turn++) {
        system.sample(turn);
        inbox.await(50_000_000L);
        for (Optional<BusEvent> next = inbox.poll(); next.isPresent(); next = inbox.poll()) {
          if (next.get() instanceof BusEvent.Delivered heard) {
            Optional<Address> address = topics.parse(heard.message().topic());
            if (address.isPresent() && address.get() instanceof Address.Reply) {
              reply = Optional.of(heard.message().payload());
            } else if (address.isPresent() && address.get() instanceof Address.Result) {
              result = Optional.of(heard.message().payload());
            }
          }
        }
      }
    }
    if (reply.isEmpty() || result.isEmpty()) {
      throw new MeasurementException("nothing was heard on the site " + site);
    }
    return List.of(system.images().get(0), reply.get(), result.get());
  }
}
