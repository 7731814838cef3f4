package chorale.protocol.access;

import chorale.protocol.Role;

/**
 * Which client ids belong to whom: a broker ends the connection of the client that has an id when
 * another connects with it.
 */
public final class ClientIds {
  private ClientIds() {}

  /** {@code chorale-worker-<name>}, {@code chorale-aggregator-<name>}. */
  public static String of(Role role, String name) {
    return prefix(role) + name;
  }

  /** Whether it is the id of a worker or an aggregator. */
  public static boolean isService(String clientId) {
    for (Role role : Role.values()) {
      if (clientId.startsWith(prefix(role))) {
        return true;
      }
    }
    return false;
  }

  /** Services' ids belong to the user of that role and name, and to operators. */
  public static boolean mayUse(Identity user, String clientId) {
    return switch (user.role()) {
      case OPERATOR -> true;
      case WORKER -> !isService(clientId) || clientId.equals(of(Role.WORKER, user.name()));
      case AGGREGATOR -> !isService(clientId) || clientId.equals(of(Role.AGGREGATOR, user.name()));
      case CAMERA, DASHBOARD -> !isService(clientId);
    };
  }

  /** Whether the id names the user: {@code <name>}, {@code chorale-<word>-<name>}. */
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
