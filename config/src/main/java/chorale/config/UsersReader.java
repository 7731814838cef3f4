package chorale.config;

import chorale.protocol.access.Identity;
import chorale.protocol.access.UserRole;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads {@code broker.users}. */
final class UsersReader {
  private static final Set<String> USER_KEYS = Set.of("name", "password", "password-file", "role");

  private final Values values;

  UsersReader(Values values) {
    this.values = values;
  }

  List<BrokerSettings.User> users() throws SettingsException {
    List<BrokerSettings.User> users = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (ConfigValue each : values.list("broker.users")) {
      if (!(each instanceof ConfigObject object)) {
        throw values.refused("broker.users", "a list of { name, password, role }");
      }
      Values user = new Values(object, "broker.users.");
      for (String key : object.keySet()) {
        if (!USER_KEYS.contains(key)) {
          throw SettingsException.at(
              object.get(key).origin(),
              "broker.users." + key,
              "unknown key",
              "name, password, password-file, role");
        }
      }
      String name = user.name("name");
      if (!names.add(name)) {
        throw user.refused("name", "every user once");
      }
      Values.Secret password =
          user.secret("password", "password-file", 1, 1024)
              .orElseThrow(
                  () ->
                      SettingsException.at(
                          object.origin(),
                          "broker.users",
                          name + " has no password",
                          "password or password-file"));
      UserRole role = user.choice("role", UserRole.class);
      users.add(
          new BrokerSettings.User(new Identity(name, role, values.name("site")), password.text()));
    }
    return users;
  }
}
