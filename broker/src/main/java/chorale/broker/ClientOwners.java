package chorale.broker;

import chorale.protocol.Ticker;
import chorale.protocol.access.ClientIds;
import chorale.protocol.access.UserEntry;
import chorale.protocol.access.UserRole;
import com.hivemq.extension.sdk.api.packets.disconnect.DisconnectReasonCode;
import com.hivemq.extension.sdk.api.services.Services;
import com.hivemq.extension.sdk.api.services.session.ClientService;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The owners of client ids: the user of each id while its session lasts. A broker hands the
 * connection and session of an id to any client that connects with it; this class ensures that no
 * other user gets them. Thread-safe, except {@link #refresh}, which one thread calls.
 */
final class ClientOwners {
  /** Maximum number of client ids of one user at a time; enough for many open browsers. */
  static final int MAX_IDS = 50;

  /** The same for an operator, who may run the programs of a whole site. */
  static final int MAX_OPERATORS_IDS = 1000;

  /**
   * Maximum total size of one user's subscriptions, in characters: the length of each filter plus
   * {@link #SUBSCRIPTION_BYTES}.
   */
  static final int MAX_FILTERS = 1 << 20;

  /** Approximate size of a subscription without its filter. */
  static final int SUBSCRIPTION_BYTES = 100;

  /** By this time after a login, the client either has a session or will not get one. */
  private static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final UserBook users;
  private final Predicate<String> hasSession;
  private final Ticker ticker;
  private final Map<String, Owner> owners = new ConcurrentHashMap<>();

  /**
   * The owner of one client id.
   *
   * @param connected whether the client has connected since its login and thus had a session
   * @param filters subscribed by the session
   */
  private record Owner(
      UserEntry user, long sinceNanos, boolean connected, Map<String, Integer> filters) {
    private String name() {
      return user.identity().name();
    }

    private long filterBytes() {
      return filters.values().stream().mapToLong(each -> each).sum();
    }
  }

  /**
   * The outcome of a claim.
   *
   * @param refusal why the user may not have the id
   * @param inherited whether a session of another user, or of this user's former entry, may exist;
   *     {@link #end} it first
   */
  record Claim(Optional<String> refusal, boolean inherited) {
    private static Claim refused(String why) {
      return new Claim(Optional.of(why), false);
    }
  }

  ClientOwners(UserBook users, Predicate<String> hasSession, Ticker ticker) {
    this.users = users;
    this.hasSession = hasSession;
    this.ticker = ticker;
  }

  Optional<String> userOf(String clientId) {
    return Optional.ofNullable(owners.get(clientId)).map(Owner::name);
  }

  /** Assigns the id to a user who has logged in, unless another user owns it. */
  synchronized Claim claim(String clientId, UserEntry user) {
    Optional<Owner> before =
        Optional.ofNullable(owners.get(clientId)).filter(each -> !isGone(clientId, each));
    boolean another = before.filter(each -> !each.user().equals(user)).isPresent();
    boolean own = ClientIds.belongsTo(user.identity(), clientId);
    boolean operator = user.identity().role() == UserRole.OPERATOR;
    boolean taken =
        before.filter(each -> !each.name().equals(user.identity().name())).isPresent()
            || (!operator
                && users.all().stream()
                    .anyMatch(each -> ClientIds.belongsTo(each.identity(), clientId)));
    if (!ClientIds.mayUse(user.identity(), clientId) || (taken && !own)) {
      return Claim.refused(
          "may not use another user's client id, which would disconnect that user"
              + " (allowed: ids that contain no other user's name)");
    }
    int most = operator ? MAX_OPERATORS_IDS : MAX_IDS;
    if (before.isEmpty() && of(user).count() >= most) {
      return Claim.refused(
          "already has "
              + most
              + " client ids (allowed: "
              + most
              + "); end unused clients, or reuse their ids");
    }
    Map<String, Integer> filters =
        before.isPresent() && !another ? before.get().filters() : new ConcurrentHashMap<>();
    owners.put(clientId, new Owner(user, ticker.nanos(), false, filters));
    return new Claim(Optional.empty(), another);
  }

  /** Returns the user's ids that are not gone. */
  private Stream<Owner> of(UserEntry user) {
    return owners.entrySet().stream()
        .filter(each -> each.getValue().user().equals(user))
        .filter(each -> !isGone(each.getKey(), each.getValue()))
        .map(Map.Entry::getValue);
  }

  /** Counts a subscription; returns whether the user may have that many. */
  synchronized boolean subscribe(String clientId, String filter) {
    Owner owner = owners.get(clientId);
    return owner == null
        || owner.filters().put(filter, SUBSCRIPTION_BYTES + filter.length()) != null
        || of(owner.user()).mapToLong(Owner::filterBytes).sum() <= MAX_FILTERS;
  }

  /** Records that the client has a session from now on. */
  void connected(String clientId) {
    owners.computeIfPresent(
        clientId,
        (id, owner) -> new Owner(owner.user(), owner.sinceNanos(), true, owner.filters()));
  }

  private boolean isGone(String clientId, Owner owner) {
    boolean settled = owner.connected() || ticker.nanos() - owner.sinceNanos() > SETTLED_NANOS;
    return settled && !hasSession.test(clientId);
  }

  /** Disconnects the client and discards its session: subscriptions and queued messages. */
  static CompletableFuture<Boolean> end(String clientId, DisconnectReasonCode code, String reason) {
    ClientService clients = Services.clientService();
    return clients
        .disconnectClient(clientId, false, code, reason)
        .thenCompose(any -> clients.invalidateSession(clientId))
        .exceptionally(noSession -> false);
  }

  /**
   * Ends the sessions of removed or changed users, and forgets ids without a session. Call about
   * once a second; a client that is just being admitted is found the next time.
   */
  void refresh() {
    owners.forEach(
        (clientId, owner) -> {
          if (isGone(clientId, owner)) {
            owners.remove(clientId, owner);
          } else if (!users.isCurrent(owner.user())) {
            var unused =
                end(
                    clientId,
                    DisconnectReasonCode.NOT_AUTHORIZED,
                    "the user was removed, or its password or role has changed");
          }
        });
  }

  /** Returns whether the client is connected or may resume its session. */
  static boolean hasSession(String clientId) {
    return Services.clientService()
        .getSession(clientId)
        .join()
        .filter(each -> each.isConnected() || each.getSessionExpiryInterval() > 0)
        .isPresent();
  }
}
