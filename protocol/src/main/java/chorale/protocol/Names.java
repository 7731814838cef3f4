package chorale.protocol;

/**
 * The validation of names of sites, cameras, workers and variants: {@code [A-Za-z0-9._-]{1,64}}.
 * Stateless.
 */
public final class Names {
  public static final String ALLOWED = "1 to 64 of A-Z a-z 0-9 . _ -";

  private Names() {}

  public static boolean isValid(String name) {
    if (name.isEmpty() || name.length() > Limits.MAX_NAME_LENGTH) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean allowed =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '.'
              || c == '_'
              || c == '-';
      if (!allowed) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns the name if it is valid.
   *
   * @throws IllegalArgumentException names the kind, the value and the allowed form
   */
  public static String require(String what, String name) {
    if (name == null || !isValid(name)) {
      throw new IllegalArgumentException(
          what + ": '" + name + "' is not a valid name (allowed: " + ALLOWED + ")");
    }
    return name;
  }
}
