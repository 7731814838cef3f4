package chorale.broker;

import chorale.protocol.Bytes;
import chorale.protocol.access.Rights;
import chorale.protocol.access.RightsTable;
import chorale.protocol.access.UserEntry;
import com.hivemq.extension.sdk.api.async.Async;
import com.hivemq.extension.sdk.api.async.TimeoutFallback;
import com.hivemq.extension.sdk.api.auth.SimpleAuthenticator;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthInput;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthOutput;
import com.hivemq.extension.sdk.api.auth.parameter.TopicPermission;
import com.hivemq.extension.sdk.api.auth.parameter.TopicPermission.MqttActivity;
import com.hivemq.extension.sdk.api.client.parameter.ConnectionInformation;
import com.hivemq.extension.sdk.api.packets.auth.DefaultAuthorizationBehaviour;
import com.hivemq.extension.sdk.api.packets.auth.ModifiableDefaultPermissions;
import com.hivemq.extension.sdk.api.packets.connect.ConnackReasonCode;
import com.hivemq.extension.sdk.api.packets.disconnect.DisconnectReasonCode;
import com.hivemq.extension.sdk.api.services.builder.Builders;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The access control of a broker with users: which clients may connect, and with which rights.
 * Everything that a role does not allow is denied. Called by HiveMQ's threads.
 */
final class AccessRules implements SimpleAuthenticator {
  /** The connection attribute that stores the name of its user. */
  private static final String USER = "chorale.user";

  /** Longer than any login takes. */
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  private final Parts parts;

  /**
   * The dependencies of logins.
   *
   * @param executor for delayed answers
   */
  record Parts(
      UserBook users,
      PasswordCheck passwords,
      ClientOwners owners,
      FailedLogins failed,
      ScheduledExecutorService executor,
      BrokerLog log) {}

  AccessRules(Parts parts) {
    this.parts = parts;
  }

  /** Returns the authenticated user of a connection; empty on a broker without users. */
  static Optional<String> user(ConnectionInformation connection) {
    return connection.getConnectionAttributeStore().getAsString(USER);
  }

  @Override
  public void onConnect(SimpleAuthInput input, SimpleAuthOutput output) {
    Attempt attempt = new Attempt(input, output.async(TIMEOUT, TimeoutFallback.FAILURE));
    if (!parts.failed().begin(attempt.source)) {
      attempt.answer(ConnackReasonCode.SERVER_BUSY, "too many failed logins from this address");
      return;
    }
    Optional<String> name = input.getConnectPacket().getUserName();
    Optional<Bytes> password = input.getConnectPacket().getPassword().map(AccessRules::copy);
    if (name.isEmpty() || password.isEmpty()) {
      attempt.refuse(name.isEmpty() ? "it names no user" : "it gives no password");
      return;
    }
    Optional<UserEntry> user = parts.users().find(name.get());
    // Unknown users take as long as known ones, so that response times do not reveal user names.
    boolean taken =
        parts
            .passwords()
            .check(
                user.orElseGet(() -> parts.users().all().iterator().next()),
                password.get(),
                right -> {
                  if (user.isEmpty()) {
                    attempt.refuse("there is no such user");
                  } else if (right) {
                    attempt.claim(user.get());
                  } else {
                    attempt.refuse("the password is wrong");
                  }
                });
    if (!taken) {
      attempt.end(ConnackReasonCode.SERVER_BUSY, "too many logins at once");
    }
  }

  private static Bytes copy(ByteBuffer password) {
    byte[] bytes = new byte[password.remaining()];
    password.duplicate().get(bytes);
    return Bytes.wrap(bytes);
  }

  /** One login, which is answered exactly once. */
  private final class Attempt {
    private final SimpleAuthInput input;
    private final Async<SimpleAuthOutput> async;
    private final String source;
    private final String clientId;
    private final Who who;

    Attempt(SimpleAuthInput input, Async<SimpleAuthOutput> async) {
      this.input = input;
      this.async = async;
      this.source = FailedLogins.source(input.getConnectionInformation().getInetAddress());
      this.clientId = input.getClientInformation().getClientId();
      this.who =
          Who.of(
              clientId, input.getConnectPacket().getUserName(), input.getConnectionInformation());
    }

    /** Refuses the login, after the delay for its address. */
    private void refuse(String why) {
      // The user name replaces the client id here, so BrokerLog logs at most MAX_IDS user names per
      // address; FailedLogins counts the rest.
      boolean reported =
          parts
              .log()
              .warn(
                  "login",
                  new Who(who.user().orElse(""), Optional.empty(), source),
                  "refused " + who + ": " + why);
      long millis = parts.failed().fail(source, who + ": " + why, reported);
      Runnable answer = () -> end(ConnackReasonCode.BAD_USER_NAME_OR_PASSWORD, "");
      if (millis == 0) {
        answer.run();
      } else {
        var unused = parts.executor().schedule(answer, millis, TimeUnit.MILLISECONDS);
      }
    }

    private void end(ConnackReasonCode code, String reason) {
      parts.failed().end(source);
      answer(code, reason);
    }

    private void answer(ConnackReasonCode code, String reason) {
      async.getOutput().failAuthentication(code, reason.isEmpty() ? null : reason);
      async.resume();
    }

    private void claim(UserEntry user) {
      ClientOwners.Claim claim = parts.owners().claim(clientId, user);
      if (claim.refusal().isPresent()) {
        parts.log().warn("client id", who, who + " " + claim.refusal().get());
        end(ConnackReasonCode.CLIENT_IDENTIFIER_NOT_VALID, claim.refusal().get());
        return;
      }
      CompletableFuture<Boolean> free =
          claim.inherited()
              ? ClientOwners.end(
                  clientId,
                  DisconnectReasonCode.NOT_AUTHORIZED,
                  "another user has logged in with this client id, or the user was changed")
              : CompletableFuture.completedFuture(true);
      var unused = free.thenAccept(any -> admit(user));
    }

    private void admit(UserEntry user) {
      parts.failed().end(source);
      input
          .getConnectionInformation()
          .getConnectionAttributeStore()
          .putAsString(USER, user.identity().name());
      ModifiableDefaultPermissions permissions = async.getOutput().getDefaultPermissions();
      permissions.setDefaultBehaviour(DefaultAuthorizationBehaviour.DENY);
      permissions.addAll(permissions(RightsTable.of(user.identity())));
      async.getOutput().authenticateSuccessfully();
      async.resume();
    }
  }

  /**
   * Converts the rights into HiveMQ's permissions, which HiveMQ applies to messages, last wills and
   * subscriptions. Shared subscriptions are not allowed: Chorale does not use them, and their
   * queues would belong to no user.
   */
  private static List<TopicPermission> permissions(Rights rights) {
    List<TopicPermission> all = new ArrayList<>();
    rights.publish().forEach(filter -> all.add(allow(MqttActivity.PUBLISH, filter)));
    rights.subscribe().forEach(filter -> all.add(allow(MqttActivity.SUBSCRIBE, filter)));
    return all;
  }

  private static TopicPermission allow(MqttActivity activity, String filter) {
    return Builders.topicPermission()
        .topicFilter(filter)
        .activity(activity)
        .type(TopicPermission.PermissionType.ALLOW)
        .sharedSubscription(TopicPermission.SharedSubscription.NOT_SHARED)
        .build();
  }
}
