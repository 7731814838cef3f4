package chorale.broker;

import chorale.config.BrokerSettings.User;
import chorale.protocol.Names;
import chorale.protocol.Topics;
import com.hivemq.extension.sdk.api.ExtensionMain;
import com.hivemq.extension.sdk.api.auth.SimpleAuthenticator;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthInput;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthOutput;
import com.hivemq.extension.sdk.api.auth.parameter.TopicPermission;
import com.hivemq.extension.sdk.api.auth.parameter.TopicPermission.MqttActivity;
import com.hivemq.extension.sdk.api.auth.parameter.TopicPermission.Retain;
import com.hivemq.extension.sdk.api.packets.auth.DefaultAuthorizationBehaviour;
import com.hivemq.extension.sdk.api.packets.auth.ModifiableDefaultPermissions;
import com.hivemq.extension.sdk.api.packets.connect.ConnackReasonCode;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartOutput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopOutput;
import com.hivemq.extension.sdk.api.services.Services;
import com.hivemq.extension.sdk.api.services.builder.Builders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who may connect to the embedded broker and what they may do. Without users everybody may do
 * everything: the broker then listens on loopback only. With users, everything that a role does not
 * allow is denied. Immutable; called by HiveMQ's threads.
 */
final class AccessRules implements ExtensionMain, SimpleAuthenticator {
  private static final String ANY_SITE = Topics.ROOT + "/+/";

  private final Map<String, User> users = new LinkedHashMap<>();

  /** Throws an {@link IllegalArgumentException} that names the user and what is allowed. */
  AccessRules(List<User> users) {
    for (User user : users) {
      Names.require("broker.users: name", user.name());
      if (user.password().isEmpty()) {
        throw new IllegalArgumentException("broker.users: " + user.name() + " has no password");
      }
      if (this.users.put(user.name(), user) != null) {
        throw new IllegalArgumentException("broker.users: " + user.name() + " occurs twice");
      }
    }
  }

  @Override
  public void extensionStart(ExtensionStartInput input, ExtensionStartOutput output) {
    Services.securityRegistry().setAuthenticatorProvider(each -> this);
  }

  @Override
  public void extensionStop(ExtensionStopInput input, ExtensionStopOutput output) {}

  @Override
  public void onConnect(SimpleAuthInput input, SimpleAuthOutput output) {
    ModifiableDefaultPermissions permissions = output.getDefaultPermissions();
    if (users.isEmpty()) {
      permissions.setDefaultBehaviour(DefaultAuthorizationBehaviour.ALLOW);
      output.authenticateSuccessfully();
      return;
    }
    permissions.setDefaultBehaviour(DefaultAuthorizationBehaviour.DENY);
    Optional<User> user = input.getConnectPacket().getUserName().map(users::get);
    Optional<ByteBuffer> password = input.getConnectPacket().getPassword();
    if (user.isEmpty() || password.isEmpty() || !matches(user.get(), password.get())) {
      output.failAuthentication(ConnackReasonCode.BAD_USER_NAME_OR_PASSWORD);
      return;
    }
    permissions.addAll(permissions(user.get()));
    output.authenticateSuccessfully();
  }

  private static boolean matches(User user, ByteBuffer given) {
    byte[] bytes = new byte[given.remaining()];
    given.duplicate().get(bytes);
    return MessageDigest.isEqual(user.password().getBytes(StandardCharsets.UTF_8), bytes);
  }

  private static List<TopicPermission> permissions(User user) {
    return switch (user.role()) {
      case CAMERA -> {
        String own = ANY_SITE + "camera/" + user.name() + '/';
        // Below its own prefix a camera hears its results and its response topics; who is there
        // tells it how large its images need to be.
        yield List.of(
            allow(MqttActivity.PUBLISH, Retain.NOT_RETAINED, own + "image"),
            allow(MqttActivity.SUBSCRIBE, Retain.ALL, own + '#'),
            allow(MqttActivity.SUBSCRIBE, Retain.ALL, ANY_SITE + "worker/+/availability"),
            allow(MqttActivity.SUBSCRIBE, Retain.ALL, ANY_SITE + "worker/+/info"));
      }
      case DASHBOARD ->
          List.of(
              allow(MqttActivity.SUBSCRIBE, Retain.ALL, ANY_SITE + "camera/+/result"),
              allow(MqttActivity.SUBSCRIBE, Retain.ALL, ANY_SITE + "worker/#"),
              allow(MqttActivity.SUBSCRIBE, Retain.ALL, ANY_SITE + "aggregator/#"));
      case SERVICE -> List.of(allow(MqttActivity.ALL, Retain.ALL, Topics.ROOT + "/#"));
    };
  }

  private static TopicPermission allow(MqttActivity activity, Retain retain, String filter) {
    return Builders.topicPermission()
        .topicFilter(filter)
        .activity(activity)
        .retain(retain)
        .type(TopicPermission.PermissionType.ALLOW)
        .build();
  }
}
