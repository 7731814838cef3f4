package chorale.protocol;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Labels of enum constants in topics, messages and settings: the names in lower case. Stateless.
 */
public final class Labels {
  private Labels() {}

  public static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** Returns all labels, joined by commas, for messages. */
  public static <E extends Enum<E>> String all(Class<E> type) {
    return Stream.of(type.getEnumConstants()).map(Labels::of).collect(Collectors.joining(", "));
  }

  public static <E extends Enum<E>> Optional<E> find(Class<E> type, String label) {
    return Stream.of(type.getEnumConstants()).filter(each -> of(each).equals(label)).findFirst();
  }
}
