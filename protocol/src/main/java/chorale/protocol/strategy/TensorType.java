package chorale.protocol.strategy;

import chorale.protocol.Labels;
import java.util.Optional;
import java.util.stream.Stream;

/** The wire formats of a {@link Tensor}'s values. */
public enum TensorType {
  FLOAT32(1, 4),
  /** IEEE 754 binary16: half the bytes, about 3 decimal digits. */
  FLOAT16(2, 2);

  private final int code;
  private final int bytes;

  TensorType(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  /** Returns the name in settings. */
  public String label() {
    return Labels.of(this);
  }

  /** Returns the code in messages. */
  int code() {
    return code;
  }

  /** Returns the bytes of one value. */
  public int bytes() {
    return bytes;
  }

  static Optional<TensorType> of(int code) {
    return Stream.of(values()).filter(each -> each.code == code).findFirst();
  }
}
