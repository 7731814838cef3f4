package chorale.protocol.access;

import chorale.protocol.Role;

/**
 * The rules for MQTT client ids and the users that may use them. Without them, any user could
 * disconnect a service: a broker disconnects a client when another client connects with the same
 * id. Stateless.
 */
public final class ClientIds {
  private ClientIds() {}

  /** {@code chorale-worker-<name>} or {@code chorale-aggregator-<name>}. */
  public static String of(Role role, String name) {
    return prefix(role) + name;
  }

  /** Returns whether it is the id of a worker or an aggregator. */
  public static boolean isService(String clientId) {
    for (Role role : Role.values()) {
      if (clientId.startsWith(prefix(role))) {
        return true;
      }
    }
    return false;
  }

  /** A service's id is reserved for the user with that role and name, and for operators. */
  public static boolean mayUse(Identity user, String clientId) {
    return switch (user.role()) {
      case OPERATOR -> true;
      case WORKER -> !isService(clientId) || clientId.equals(of(Role.WORKER, user.name()));
      case AGGREGATOR -> !isService(clientId) || clientId.equals(of(Role.AGGREGATOR, user.name()));
      case CAMERA, DASHBOARD -> !isService(clientId);
    };
  }

  /**
   * Returns whether the id contains the user's name: {@code <name>} or {@code
   * chorale-<word>-<name>}.
   */
  public static boolean belongsTo(Identity user, String clientId) {
    return clientId.equals(user.name())
        || (clientId.endsWith('-' + user.name())
            && clientId
                .substring(0, clientId.length() - user.name().length())
                .matches("chorale-[a-z]+-"));
  }

  private static String prefix(Role role) {
    return "chorale-" + role.label() + '-';
  }
}
