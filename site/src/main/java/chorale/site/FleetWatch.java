package chorale.site;

import chorale.protocol.Address;
import chorale.protocol.Bytes;
import chorale.protocol.Fleet;
import chorale.protocol.Fleet.Member;
import chorale.protocol.Message;
import chorale.protocol.Role;
import chorale.protocol.Topics;
import chorale.protocol.Topics.StatusKind;
import chorale.protocol.WorkerInfo;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Service;
import chorale.protocol.bus.ServiceEndedException;
import chorale.protocol.bus.Session;
import chorale.protocol.bus.Subscription;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** An observer of a site's {@link Fleet} on its own connection. Not thread-safe. */
public final class FleetWatch implements Service {
  /** Maximum time between turns, for callers that also watch processes and deadlines. */
  private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Inbox inbox = new Inbox(10_000, 64L << 20);
  private final Bus bus;
  private final Topics topics;
  private final Fleet fleet = new Fleet();
  private boolean subscribed;
  private Optional<String> trouble = Optional.empty();

  public FleetWatch(Topics topics, BusFactory buses, String clientId) {
    this.topics = topics;
    List<Subscription> subscriptions =
        Stream.of(Role.values())
            .flatMap(role -> topics.statusFilters(role).stream())
            .map(Subscription::withRetained)
            .toList();
    this.bus = buses.open(Session.of(clientId, subscriptions), inbox);
  }

  @Override
  public long runOnce() throws ServiceEndedException {
    for (Optional<BusEvent> next = inbox.poll(); next.isPresent(); next = inbox.poll()) {
      BusEvent event = next.get();
      if (event instanceof BusEvent.Connected) {
        fleet.forgetAll();
      } else if (event instanceof BusEvent.Subscribed) {
        subscribed = true;
      } else if (event instanceof BusEvent.Disconnected lost) {
        trouble = Optional.of(lost.reason());
      } else if (event instanceof BusEvent.Delivered delivered) {
        Message message = delivered.message();
        if (topics.parse(message.topic()) instanceof Address.Status status) {
          fleet.hear(status, message.payload());
        }
      } else if (event instanceof BusEvent.Ended ended) {
        throw new ServiceEndedException(ended.reason());
      }
    }
    return TURN_NANOS;
  }

  /** Returns the expected members that are not yet online. */
  List<Member> missing(List<Member> expected) {
    return expected.stream().filter(member -> !fleet.isThere(member)).toList();
  }

  /** Returns the online workers, by name. */
  public List<WorkerInfo> workers() {
    return fleet.onlineWorkers();
  }

  /** Returns whether the subscription is active; retained messages follow at once. */
  public boolean isSubscribed() {
    return subscribed;
  }

  /** Returns the last reason for a lost connection, if any. */
  public Optional<String> trouble() {
    return trouble;
  }

  /**
   * Clears the retained messages of services that will not return, because results would list them
   * as missing. Waits at most 2 s; a failure is only logged.
   */
  static void forget(List<Member> members, Topics topics, BusFactory buses, String clientId) {
    Session session = Session.of(clientId, List.of());
    try (Bus bus = buses.open(session, new Inbox(1, 1))) {
      CompletableFuture<?>[] cleared =
          members.stream()
              .flatMap(
                  member ->
                      Stream.of(StatusKind.values())
                          .map(kind -> topics.status(member.role(), member.name(), kind)))
              .map(topic -> bus.publish(Message.retained(topic, Bytes.EMPTY)))
              .map(CompletionStage::toCompletableFuture)
              .toArray(CompletableFuture<?>[]::new);
      CompletableFuture.allOf(cleared).get(2, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      System.getLogger(FleetWatch.class.getName())
          .log(
              Level.WARNING,
              "retained messages of {0} were not cleared: {1}",
              members,
              e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  boolean isConnected() {
    return bus.isConnected();
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
