package chorale.mqtt;

import java.lang.reflect.Field;

/** Private fields of Paho 1.2.5, where its parts are exchanged or mended. Stateless. */
final class PahoReflection {
  private PahoReflection() {}

  /** The value, or null where Paho has not set it yet. */
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

  /** Sets a field to the constant of its private enum type. */
  static void replaceWithConstant(Object holder, String name, String constant) {
    try {
      Field field = field(holder, name);
      for (Object each : field.getType().getEnumConstants()) {
        if (each.toString().equals(constant)) {
          field.set(holder, each);
        }
      }
    } catch (ReflectiveOperationException e) {
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
