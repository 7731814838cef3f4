package chorale.protocol.access;

import chorale.protocol.Labels;

/**
 * A line of a users file: {@code name:role:site:$7$...}. The role of a dashboard that may see
 * frames is {@code dashboard+frames}. Immutable.
 */
public record UserEntry(Identity identity, PasswordHash password) {
  private static final String FRAMES = "+frames";

  /**
   * Parses a line. The {@link IllegalArgumentException} says what is wrong and does not contain the
   * hash.
   */
  public static UserEntry parse(String line) {
    String[] part = line.split(":", -1);
    if (part.length != 4) {
      throw new IllegalArgumentException("expected name:role:site:password-hash");
    }
    return new UserEntry(identity(part[0], part[1], part[2]), PasswordHash.parse(part[3]));
  }

  /**
   * @param role a label of {@link UserRole}, or {@code dashboard+frames}
   */
  public static Identity identity(String name, String role, String site) {
    boolean frames = role.endsWith(FRAMES);
    String label = frames ? role.substring(0, role.length() - FRAMES.length()) : role;
    UserRole known =
        Labels.find(UserRole.class, label)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "role: '%s'; allowed: %s, dashboard%s"
                            .formatted(role, Labels.all(UserRole.class), FRAMES)));
    return new Identity(name, known, site, frames);
  }

  public String line() {
    return String.join(":", identity.name(), role(), identity.site(), password.text());
  }

  /** Returns the role as a users file spells it. */
  public String role() {
    return Labels.of(identity.role()) + (identity.frames() ? FRAMES : "");
  }
}
