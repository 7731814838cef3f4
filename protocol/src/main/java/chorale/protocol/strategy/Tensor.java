package chorale.protocol.strategy;

import chorale.protocol.Limits;
import chorale.protocol.MalformedException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Objects;

/**
 * The activations between two layers of a network for one image: finite numbers in the order
 * channel, row, column, stored in the wire format (little-endian). Immutable and thread-safe.
 * {@link #toString} shows only the form.
 */
public final class Tensor {
  private final Shape shape;
  private final TensorType type;
  private final ByteBuffer values;

  /** The dimensions: channels, height, width. */
  public record Shape(int channels, int height, int width) {
    public Shape {
      if (channels < 1 || height < 1 || width < 1 || size(channels, height, width) > MAX_VALUES) {
        throw new IllegalArgumentException(
            "tensor of %d x %d x %d (allowed: at least 1 each, together at most %d values)"
                .formatted(channels, height, width, MAX_VALUES));
      }
    }

    private static final int MAX_VALUES = Limits.MAX_TENSOR_BYTES / Float.BYTES;

    /** Avoids overflow. */
    private static long size(int channels, int height, int width) {
      boolean tooLarge = channels > MAX_VALUES || height > MAX_VALUES || width > MAX_VALUES;
      long plane = (long) height * width;
      return tooLarge || plane > MAX_VALUES ? Long.MAX_VALUE : channels * plane;
    }

    /** Returns the number of values. */
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
   * Copies the values, rounded if the type has less precision.
   *
   * @param from the values from its position on, as many as the shape has; the position does not
   *     change
   * @throws IllegalArgumentException if a value is infinite or NaN
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
      throw new IllegalArgumentException("the tensor contains an infinite value or NaN");
    }
    return tensor;
  }

  /**
   * Wraps received values without copying them.
   *
   * @param values exactly those of the shape
   */
  static Tensor wrap(Shape shape, TensorType type, ByteBuffer values) throws MalformedException {
    Tensor tensor = new Tensor(shape, type, values.slice().order(ByteOrder.LITTLE_ENDIAN));
    if (tensor.values.remaining() != shape.size() * type.bytes()) {
      throw new MalformedException(
          "tensor of " + shape + " " + type.label() + " in " + values.remaining() + " bytes");
    }
    if (!tensor.isFinite()) {
      throw new MalformedException("the tensor contains an infinite value or NaN");
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

  /** Returns the size of the values in bytes. */
  public int bytes() {
    return values.remaining();
  }

  /** Copies all values to the start of the target. The target's position does not change. */
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

  /** Returns the values in the wire format, little-endian. */
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
