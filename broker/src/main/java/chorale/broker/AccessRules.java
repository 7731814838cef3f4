package chorale.broker;

import chorale.config.BrokerSettings.User;
import chorale.protocol.access.ClientIds;
import chorale.protocol.access.Rights;
import chorale.protocol.access.RightsTable;
import com.hivemq.extension.sdk.api.auth.SimpleAuthenticator;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthInput;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthOutput;
import com.hivemq.extension.sdk.api.auth.parameter.TopicPermission;
import com.hivemq.extension.sdk.api.auth.parameter.TopicPermission.MqttActivity;
import com.hivemq.extension.sdk.api.client.parameter.ConnectionInformation;
import com.hivemq.extension.sdk.api.packets.auth.DefaultAuthorizationBehaviour;
import com.hivemq.extension.sdk.api.packets.auth.ModifiableDefaultPermissions;
import com.hivemq.extension.sdk.api.packets.connect.ConnackReasonCode;
import com.hivemq.extension.sdk.api.services.builder.Builders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who may connect to the embedded broker, and with which rights. Without users everybody may do
 * everything: the broker then listens on loopback only. With users, everything that a role does not
 * allow is denied. Immutable; called by HiveMQ's threads.
 */
final class AccessRules implements SimpleAuthenticator {
  /** Where a connection keeps the name of its user. */
  private static final String USER = "chorale.user";

  private final Map<String, User> users = new LinkedHashMap<>();
  private final BrokerLog log;

  /** Throws an {@link IllegalArgumentException} that names the user and what is allowed. */
  AccessRules(List<User> users, BrokerLog log) {
    this.log = log;
    for (User user : users) {
      String name = user.identity().name();
      if (user.password().isEmpty()) {
        throw new IllegalArgumentException("broker.users: " + name + " has no password");
      }
      if (this.users.put(name, user) != null) {
        throw new IllegalArgumentException("broker.users: " + name + " occurs twice");
      }
    }
  }

  /** The rights of somebody by that name, whether or not it proves to be. */
  Rights rights(Optional<String> userName) {
    if (users.isEmpty()) {
      return Rights.EVERYTHING;
    }
    return userName
        .map(users::get)
        .map(user -> RightsTable.of(user.identity()))
        .orElse(Rights.NOTHING);
  }

  /** The user that a connection has proved to be; empty where there are no users. */
  static Optional<String> user(ConnectionInformation connection) {
    return connection.getConnectionAttributeStore().getAsString(USER);
  }

  @Override
  public void onConnect(SimpleAuthInput input, SimpleAuthOutput output) {
    ModifiableDefaultPermissions permissions = output.getDefaultPermissions();
    if (users.isEmpty()) {
      permissions.setDefaultBehaviour(DefaultAuthorizationBehaviour.ALLOW);
      output.authenticateSuccessfully();
      return;
    }
    permissions.setDefaultBehaviour(DefaultAuthorizationBehaviour.DENY);
    Optional<String> name = input.getConnectPacket().getUserName();
    Optional<User> user = name.map(users::get);
    Optional<ByteBuffer> password = input.getConnectPacket().getPassword();
    if (user.isEmpty() || password.isEmpty() || !matches(user.get(), password.get())) {
      report(input, name, user.isPresent());
      output.failAuthentication(ConnackReasonCode.BAD_USER_NAME_OR_PASSWORD);
      return;
    }
    String clientId = input.getClientInformation().getClientId();
    if (!ClientIds.mayUse(user.get().identity(), clientId)) {
      String line = "may not use the client id of another, which would be thrown out";
      Who who = who(input, name);
      log.warn("client id", who, who + " " + line);
      output.failAuthentication(ConnackReasonCode.CLIENT_IDENTIFIER_NOT_VALID, line);
      return;
    }
    input
        .getConnectionInformation()
        .getConnectionAttributeStore()
        .putAsString(USER, user.get().identity().name());
    permissions.addAll(permissions(RightsTable.of(user.get().identity())));
    output.authenticateSuccessfully();
  }

  private void report(SimpleAuthInput input, Optional<String> name, boolean known) {
    String why =
        known
            ? "the password is wrong"
            : name.isPresent() ? "broker.users has no such user" : "it names no user";
    Who who = who(input, name);
    log.warn("login", who.withoutId(), "refused " + who + ": " + why);
  }

  private static Who who(SimpleAuthInput input, Optional<String> name) {
    return Who.of(
        input.getClientInformation().getClientId(), name, input.getConnectionInformation());
  }

  private static boolean matches(User user, ByteBuffer given) {
    byte[] bytes = new byte[given.remaining()];
    given.duplicate().get(bytes);
    return MessageDigest.isEqual(user.password().getBytes(StandardCharsets.UTF_8), bytes);
  }

  /** The same rights for HiveMQ, which judges wills and subscriptions by them. */
  private static List<TopicPermission> permissions(Rights rights) {
    List<TopicPermission> all = new ArrayList<>();
    rights.publish().forEach(filter -> all.add(allow(MqttActivity.PUBLISH, filter)));
    rights.hear().forEach(filter -> all.add(allow(MqttActivity.SUBSCRIBE, filter)));
    return all;
  }

  private static TopicPermission allow(MqttActivity activity, String filter) {
    return Builders.topicPermission()
        .topicFilter(filter)
        .activity(activity)
        .type(TopicPermission.PermissionType.ALLOW)
        .build();
  }
}
