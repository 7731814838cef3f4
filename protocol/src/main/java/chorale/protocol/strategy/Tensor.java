package chorale.protocol.strategy;

import chorale.protocol.Limits;
import chorale.protocol.MalformedException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Objects;

/**
 * What a network holds of one image between two of its layers: finite numbers in the order channel,
 * row, column, kept as they travel, little-endian. Immutable; safe for several threads. {@link
 * #toString} shows its form and never its content.
 */
public final class Tensor {
  private final Shape shape;
  private final TensorType type;
  private final ByteBuffer values;

  /** Of one image: channels, height, width. */
  public record Shape(int channels, int height, int width) {
    public Shape {
      if (channels < 1 || height < 1 || width < 1 || size(channels, height, width) > MAX_VALUES) {
        throw new IllegalArgumentException(
            "tensor of %d x %d x %d (allowed: at least 1 each, together at most %d values)"
                .formatted(channels, height, width, MAX_VALUES));
      }
    }

    private static final int MAX_VALUES = Limits.MAX_TENSOR_BYTES / Float.BYTES;

    /** Without overflow: a factor that is too large alone decides. */
    private static long size(int channels, int height, int width) {
      boolean tooLarge = channels > MAX_VALUES || height > MAX_VALUES || width > MAX_VALUES;
      long plane = (long) height * width;
      return tooLarge || plane > MAX_VALUES ? Long.MAX_VALUE : channels * plane;
    }

    /** How many values. */
    public int size() {
      return channels * height * width;
    }

    @Override
    public String toString() {
      return channels + "x" + height + "x" + width;
    }
  }

  private Tensor(Shape shape, TensorType type, ByteBuffer values) {
    this.shape = shape;
    this.type = type;
    this.values = values;
  }

  /**
   * Copies, and rounds where the type asks for it.
   *
   * @param from its next values, as many as the shape has; its position stays
   * @throws IllegalArgumentException a value that is infinite or no number
   */
  public static Tensor of(Shape shape, TensorType type, FloatBuffer from) {
    ByteBuffer values =
        ByteBuffer.allocate(shape.size() * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    FloatBuffer source = from.slice().limit(shape.size());
    if (type == TensorType.FLOAT32) {
      values.asFloatBuffer().put(source);
    } else {
      for (int i = 0; i < shape.size(); i++) {
        float value = source.get(i);
        values.putShort(2 * i, Float.isFinite(value) ? HalfFloat.of(value) : HalfFloat.NAN);
      }
    }
    Tensor tensor = new Tensor(shape, type, values);
    if (!tensor.isFinite()) {
      throw new IllegalArgumentException("a tensor holds what is no finite number");
    }
    return tensor;
  }

  /**
   * Takes over what came, without copying it.
   *
   * @param values exactly those of the shape, and finite
   */
  static Tensor wrap(Shape shape, TensorType type, ByteBuffer values) throws MalformedException {
    Tensor tensor = new Tensor(shape, type, values.slice().order(ByteOrder.LITTLE_ENDIAN));
    if (tensor.values.remaining() != shape.size() * type.bytes()) {
      throw new MalformedException(
          "tensor of " + shape + " " + type.label() + " in " + values.remaining() + " bytes");
    }
    if (!tensor.isFinite()) {
      throw new MalformedException("tensor holds what is no finite number");
    }
    return tensor;
  }

  private boolean isFinite() {
    int size = shape.size();
    if (type == TensorType.FLOAT32) {
      for (int i = 0; i < size; i++) {
        if ((values.getInt(4 * i) & 0x7F800000) == 0x7F800000) {
          return false;
        }
      }
      return true;
    }
    for (int i = 0; i < size; i++) {
      if (!HalfFloat.isFinite(values.getShort(2 * i))) {
        return false;
      }
    }
    return true;
  }

  public Shape shape() {
    return shape;
  }

  public TensorType type() {
    return type;
  }

  /** That the values take. */
  public int bytes() {
    return values.remaining();
  }

  /** Writes all values to the beginning of the target, whose position stays. */
  public void copyTo(FloatBuffer target) {
    Objects.requireNonNull(target, "target");
    if (type == TensorType.FLOAT32) {
      target.duplicate().clear().put(values.duplicate().order(values.order()).asFloatBuffer());
      return;
    }
    for (int i = 0; i < shape.size(); i++) {
      target.put(i, HalfFloat.toFloat(values.getShort(2 * i)));
    }
  }

  /** Little-endian, as they travel. */
  ByteBuffer values() {
    return values.asReadOnlyBuffer();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tensor that
        && shape.equals(that.shape)
        && type == that.type
        && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return Objects.hash(shape, type, values);
  }

  @Override
  public String toString() {
    return "Tensor[" + shape + " " + type.label() + "]";
  }
}
