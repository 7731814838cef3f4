package chorale.evaluation;

import java.util.List;

/** Short names of combinations, for labels in charts. Stateless. */
final class ShortNames {
  private ShortNames() {}

  /**
   * Returns {@code V1+2+4} for V1, V2 and V4. Ids that are not a common prefix with a number are
   * written out.
   */
  static String of(List<String> ids) {
    String prefix = ids.get(0).replaceFirst("\\d+$", "");
    boolean numbered =
        !prefix.isEmpty()
            && ids.stream()
                .allMatch(
                    id ->
                        id.startsWith(prefix) && id.substring(prefix.length()).matches("\\d{1,4}"));
    if (!numbered) {
      return String.join("+", ids);
    }
    return prefix
        + String.join("+", ids.stream().map(id -> id.substring(prefix.length())).toList());
  }
}
