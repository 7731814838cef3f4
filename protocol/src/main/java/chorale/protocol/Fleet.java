package chorale.protocol;

import chorale.protocol.Topics.Address;
import chorale.protocol.Topics.StatusKind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who of a site is there, as its retained status messages tell: the services that have announced
 * themselves and are online, and what the workers say of themselves. One owning thread.
 *
 * <p>Retained messages come one by one, and some just after the subscription was granted: who asks
 * right then may see half of the fleet.
 */
public final class Fleet {
  private final Topics topics;
  private final StatusCodec codec = new StatusCodec();
  private final Map<Member, Bytes> infos = new HashMap<>();
  private final Set<Member> online = new HashSet<>();

  /** A service by its role and name. */
  public record Member(Role role, String name) {
    public Member {
      Objects.requireNonNull(role, "role");
      Objects.requireNonNull(name, "name");
    }
  }

  public Fleet(Topics topics) {
    this.topics = Objects.requireNonNull(topics, "topics");
  }

  /**
   * Takes in a status message; any other is left alone.
   *
   * @return whether something may have changed
   */
  public boolean hear(Message message) {
    Optional<Address> address = topics.parse(message.topic());
    if (address.isEmpty()
        || !(address.get() instanceof Address.Status status)
        || status.kind() == StatusKind.HEALTH) {
      return false;
    }
    Member member = new Member(status.role(), status.name());
    Bytes payload = message.payload();
    if (status.kind() == StatusKind.AVAILABILITY) {
      return payload.equals(StatusCodec.ONLINE) ? online.add(member) : online.remove(member);
    }
    return payload.isEmpty()
        ? infos.remove(member) != null
        : !payload.equals(infos.put(member, payload));
  }

  /** After a reconnect everything is learnt anew. */
  public void forgetAll() {
    infos.clear();
    online.clear();
  }

  public boolean isThere(Member member) {
    return infos.containsKey(member) && online.contains(member);
  }

  /** The workers that are online, by name; one whose info cannot be read is none of ours. */
  public List<WorkerInfo> workers() {
    SortedMap<String, WorkerInfo> workers = new TreeMap<>();
    infos.forEach(
        (member, info) -> {
          if (member.role() == Role.WORKER && online.contains(member)) {
            try {
              workers.put(member.name(), codec.decodeWorkerInfo(info));
            } catch (MalformedException e) {
              // Left out.
            }
          }
        });
    return List.copyOf(workers.values());
  }
}
