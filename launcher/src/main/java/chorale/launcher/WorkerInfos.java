package chorale.launcher;

import chorale.protocol.MalformedException;
import chorale.protocol.Role;
import chorale.protocol.StatusCodec;
import chorale.protocol.Topics;
import chorale.protocol.Topics.Address;
import chorale.protocol.Topics.StatusKind;
import chorale.protocol.WorkerInfo;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Message;
import chorale.protocol.bus.Service;
import chorale.protocol.bus.ServiceEndedException;
import chorale.protocol.bus.Session;
import chorale.protocol.bus.Subscription;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** What the workers of a site that are online say of themselves. One thread owns it. */
final class WorkerInfos implements Service {
  private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Topics topics;
  private final Inbox inbox = new Inbox(10_000, 64L << 20);
  private final Bus bus;
  private final StatusCodec codec = new StatusCodec();
  private final SortedMap<String, WorkerInfo> infos = new TreeMap<>();
  private final Set<String> online = new HashSet<>();
  private boolean subscribed;
  private Optional<String> trouble = Optional.empty();

  WorkerInfos(Topics topics, BusFactory buses, String clientId) {
    this.topics = topics;
    List<Subscription> subscriptions =
        topics.statusFilters(Role.WORKER).stream().map(Subscription::withRetained).toList();
    this.bus = buses.open(new Session(clientId, subscriptions, Optional.empty(), List.of()), inbox);
  }

  @Override
  public long runOnce() throws ServiceEndedException {
    for (Optional<BusEvent> next = inbox.poll(); next.isPresent(); next = inbox.poll()) {
      BusEvent event = next.get();
      if (event instanceof BusEvent.Connected) {
        infos.clear();
        online.clear();
      } else if (event instanceof BusEvent.Subscribed) {
        subscribed = true;
      } else if (event instanceof BusEvent.Disconnected lost) {
        trouble = Optional.of(lost.reason());
      } else if (event instanceof BusEvent.Delivered delivered) {
        status(delivered.message());
      } else if (event instanceof BusEvent.Ended ended) {
        throw new ServiceEndedException(ended.reason());
      }
    }
    return TURN_NANOS;
  }

  private void status(Message message) {
    Optional<Address> address = topics.parse(message.topic());
    if (address.isEmpty() || !(address.get() instanceof Address.Status status)) {
      return;
    }
    if (status.kind() == StatusKind.AVAILABILITY) {
      if (message.payload().equals(StatusCodec.ONLINE)) {
        online.add(status.name());
      } else {
        online.remove(status.name());
      }
    } else if (status.kind() == StatusKind.INFO) {
      try {
        infos.put(status.name(), codec.decodeWorkerInfo(message.payload()));
      } catch (MalformedException e) {
        infos.remove(status.name()); // its worker is gone, or none of ours
      }
    }
  }

  /** Whether what is retained has been asked for; it follows at once. */
  boolean isSubscribed() {
    return subscribed;
  }

  /** Why there is no connection, where the broker said so. */
  Optional<String> trouble() {
    return trouble;
  }

  /** Those that are online, by name. */
  List<WorkerInfo> online() {
    List<WorkerInfo> found = new ArrayList<>();
    infos.forEach(
        (name, info) -> {
          if (online.contains(name)) {
            found.add(info);
          }
        });
    return found;
  }

  @Override
  public Inbox inbox() {
    return inbox;
  }

  @Override
  public void close() {
    bus.close();
  }
}
