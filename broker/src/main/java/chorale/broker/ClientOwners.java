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
 * The user of each client id, for as long as its session lasts. A broker hands the connection and
 * the session of an id to whoever connects with it; here that is always the same user. Safe for
 * several threads; {@link #refresh} is for one.
 */
final class ClientOwners {
  /** The most client ids of one user at a time: screens, a worker and its doctor. */
  static final int MAX_IDS = 50;

  /** The same for an operator, who may run a site's worth of programs. */
  static final int MAX_OPERATORS_IDS = 1000;

  /** The most characters of all filters that one user subscribes to. */
  static final int MAX_FILTERS = 1 << 20;

  /** About what a subscription takes besides its filter. */
  private static final int SUBSCRIPTION_BYTES = 100;

  /** Whoever has logged in has a session by then, or gets none. */
  private static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final UserBook users;
  private final Predicate<String> hasSession;
  private final Ticker ticker;
  private final Map<String, Owner> owners = new ConcurrentHashMap<>();

  /**
   * @param connected whether the client was connected since its login, so that it had a session
   * @param filters that the session subscribed to
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
   * What became of a claim.
   *
   * @param refusal why the user may not have the id
   * @param inherited whether somebody else's session may be there, which must {@link #end} first
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

  /** Gives the id to a user who has logged in, if it is nobody else's. */
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
      return Claim.refused("may not use the client id of another, which would be thrown out");
    }
    int most = operator ? MAX_OPERATORS_IDS : MAX_IDS;
    if (before.isEmpty() && of(user).count() >= most) {
      return Claim.refused("has " + most + " client ids already, the most that it may have");
    }
    Map<String, Integer> filters =
        before.isPresent() && !another ? before.get().filters() : new ConcurrentHashMap<>();
    owners.put(clientId, new Owner(user, ticker.nanos(), false, filters));
    return new Claim(Optional.empty(), another);
  }

  /** What is the user's and not gone. */
  private Stream<Owner> of(UserEntry user) {
    return owners.entrySet().stream()
        .filter(each -> each.getValue().user().equals(user))
        .filter(each -> !isGone(each.getKey(), each.getValue()))
        .map(Map.Entry::getValue);
  }

  /** Counts a subscription; whether the user may have that many. */
  synchronized boolean subscribe(String clientId, String filter) {
    Owner owner = owners.get(clientId);
    return owner == null
        || owner.filters().put(filter, SUBSCRIPTION_BYTES + filter.length()) != null
        || of(owner.user()).mapToLong(Owner::filterBytes).sum() <= MAX_FILTERS;
  }

  /** The client has a session from now on. */
  void connected(String clientId) {
    owners.computeIfPresent(
        clientId,
        (id, owner) -> new Owner(owner.user(), owner.sinceNanos(), true, owner.filters()));
  }

  private boolean isGone(String clientId, Owner owner) {
    boolean settled = owner.connected() || ticker.nanos() - owner.sinceNanos() > SETTLED_NANOS;
    return settled && !hasSession.test(clientId);
  }

  /** Disconnects the client if it is connected, and forgets its subscriptions and messages. */
  static CompletableFuture<Boolean> end(String clientId, DisconnectReasonCode code, String reason) {
    ClientService clients = Services.clientService();
    return clients
        .disconnectClient(clientId, false, code, reason)
        .thenCompose(any -> clients.invalidateSession(clientId))
        .exceptionally(noSession -> false);
  }

  /**
   * Ends the sessions of users who were removed or changed, and forgets ids without a session. To
   * be called about once a second: a client that was about to be let in is found the next time.
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
                    "the user was removed, or has another password or role now");
          }
        });
  }

  /** Whether there is one, now or when the client comes back. */
  static boolean hasSession(String clientId) {
    return Services.clientService()
        .getSession(clientId)
        .join()
        .filter(each -> each.isConnected() || each.getSessionExpiryInterval() > 0)
        .isPresent();
  }
}
