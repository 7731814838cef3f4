package chorale.worker;

import chorale.protocol.Address;
import chorale.protocol.MalformedException;
import chorale.protocol.Message;
import chorale.protocol.RendezvousHash;
import chorale.protocol.RequestKey;
import chorale.protocol.Role;
import chorale.protocol.StatusCodec;
import chorale.protocol.Topics;
import chorale.protocol.Topics.StatusKind;
import chorale.protocol.WorkerInfo;
import chorale.protocol.bus.Subscription;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The workers that share one task with this one, as their retained status tells, and so whose job a
 * request is. This worker itself is always one of them. Holds at most {@value #MAX}. Owned by the
 * worker's thread.
 *
 * <p>Views differ for a moment when a worker comes or goes: a request may then have two owners, or
 * none. The aggregator takes the first answer, and its deadline says the rest.
 */
final class Peers {
  static final int MAX = 1024;

  private final Topics topics;
  private final WorkerInfo self;
  private final StatusCodec codec = new StatusCodec();

  private final Set<String> online = new HashSet<>();
  private final Map<String, Boolean> alike = new HashMap<>();
  private List<String> sharers;

  Peers(Topics topics, WorkerInfo self) {
    this.topics = topics;
    this.self = self;
    this.sharers = List.of(name());
  }

  private String name() {
    return self.author().worker();
  }

  List<Subscription> subscriptions() {
    return topics.statusFilters(Role.WORKER).stream().map(Subscription::withRetained).toList();
  }

  void hear(Address.Status status, Message message) {
    if (status.role() == Role.WORKER && !status.name().equals(name())) {
      hear(status.name(), status.kind(), message);
      sharers = sharers();
    }
  }

  private void hear(String worker, StatusKind kind, Message message) {
    if (kind == StatusKind.AVAILABILITY) {
      if (!message.payload().equals(StatusCodec.ONLINE)) {
        online.remove(worker);
      } else if (online.size() < MAX) {
        online.add(worker);
      }
    } else if (kind == StatusKind.INFO) {
      alike.remove(worker);
      if (alike.size() < MAX) {
        alike.put(worker, isAlike(worker, message));
      }
    }
  }

  private boolean isAlike(String worker, Message message) {
    try {
      WorkerInfo info = codec.decodeWorkerInfo(message.payload());
      return info.author().worker().equals(worker)
          && info.author().variant().equals(self.author().variant())
          && info.assignment().equals(self.assignment());
    } catch (MalformedException e) {
      return false; // none of ours, or gone
    }
  }

  private List<String> sharers() {
    List<String> names = new ArrayList<>();
    names.add(name());
    for (String worker : online) {
      if (alike.getOrDefault(worker, false)) {
        names.add(worker);
      }
    }
    return names;
  }

  /** Everything will be told anew. */
  void forget() {
    online.clear();
    alike.clear();
    sharers = List.of(name());
  }

  /** Whether this worker is the one that does this request. */
  boolean isOurs(RequestKey key) {
    return sharers.size() == 1 || RendezvousHash.owner(key, sharers).equals(Optional.of(name()));
  }
}
