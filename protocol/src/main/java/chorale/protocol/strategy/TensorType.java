package chorale.protocol.strategy;

import chorale.protocol.Labels;
import java.util.Optional;
import java.util.stream.Stream;

/** How the values of a {@link Tensor} travel. */
public enum TensorType {
  FLOAT32(1, 4),
  /** IEEE 754 binary16: half the bytes, about three decimal digits. */
  FLOAT16(2, 2);

  private final int code;
  private final int bytes;

  TensorType(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  /** As in settings. */
  public String label() {
    return Labels.of(this);
  }

  /** On the wire. */
  int code() {
    return code;
  }

  /** Of one value. */
  public int bytes() {
    return bytes;
  }

  static Optional<TensorType> of(int code) {
    return Stream.of(values()).filter(each -> each.code == code).findFirst();
  }
}
