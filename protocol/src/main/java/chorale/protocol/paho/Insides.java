package chorale.protocol.paho;

import java.lang.reflect.Field;

/** Private fields of Paho 1.2.5, where a part is put in place of one of its own. Stateless. */
final class Insides {
  private Insides() {}

  static <T> T get(Object holder, String name, Class<T> type) {
    try {
      return type.cast(field(holder, name).get(holder));
    } catch (ReflectiveOperationException | ClassCastException e) {
      throw otherVersion(e);
    }
  }

  /** Puts the part in place and asserts that it took. */
  static void replace(Object holder, String name, Object part) {
    try {
      Field field = field(holder, name);
      field.set(holder, part);
      if (field.get(holder) != part) {
        throw new IllegalStateException("Paho's " + field + " was not replaced");
      }
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      throw otherVersion(e);
    }
  }

  private static Field field(Object holder, String name) throws NoSuchFieldException {
    Field field = holder.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }

  private static IllegalStateException otherVersion(Exception cause) {
    return new IllegalStateException("this is not Paho 1.2.5: " + cause.getMessage(), cause);
  }
}
