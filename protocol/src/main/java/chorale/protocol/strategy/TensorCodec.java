package chorale.protocol.strategy;

import chorale.protocol.Bytes;
import chorale.protocol.Limits;
import chorale.protocol.MalformedException;
import chorale.protocol.RequestKey;
import chorale.protocol.Signer;
import chorale.protocol.SigningKey;
import chorale.protocol.strategy.Tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * A codec for stage tensors: a fixed header of {@value #HEADER_BYTES} bytes, the values, and a
 * signature ({@link Signer}) if the site has a tensor key (docs/protocol.md). Little-endian except
 * for the request key, which is the 16 bytes that replies carry.
 *
 * <p>Decoding treats its input as untrusted: the length must match the header, and every field is
 * checked before use. It allocates only views. Not thread-safe.
 */
public final class TensorCodec {
  public static final int HEADER_BYTES = 56;

  private static final int SIGNATURE_LENGTH_AT = 52;

  private final Optional<Signer> site;

  /** Creates a codec that neither signs nor checks signatures. */
  public TensorCodec() {
    this.site = Optional.empty();
  }

  /** Creates a codec that signs what it encodes and checks signatures. */
  public TensorCodec(SigningKey site) {
    this.site = Optional.of(new Signer(site));
  }

  /** Returns whether such a tensor fits into a message, signed or not. */
  public static boolean fits(Shape shape, TensorType type) {
    return HEADER_BYTES + shape.size() * type.bytes() + Signer.BYTES <= Limits.MAX_TENSOR_BYTES;
  }

  /**
   * @throws IllegalArgumentException if the message would exceed {@link Limits#MAX_TENSOR_BYTES}
   */
  public Bytes encode(StageTensor stageTensor) {
    Tensor tensor = stageTensor.tensor();
    ByteBuffer values = tensor.values();
    int signatureBytes = site.isPresent() ? Signer.BYTES : 0;
    int size = HEADER_BYTES + values.remaining() + signatureBytes;
    if (size > Limits.MAX_TENSOR_BYTES) {
      throw new IllegalArgumentException("tensor message of " + size + " bytes, allowed: 4194304");
    }
    ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    out.put((byte) Limits.SCHEMA);
    out.put((byte) tensor.type().code());
    out.put((byte) stageTensor.k());
    out.put((byte) stageTensor.stage());
    out.order(ByteOrder.BIG_ENDIAN);
    out.putLong(stageTensor.key().high()).putLong(stageTensor.key().low());
    out.order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(stageTensor.network());
    out.putInt(stageTensor.budgetMillis());
    out.putInt(stageTensor.inferenceMicros());
    out.putInt(stageTensor.queueMicros());
    out.putInt(tensor.shape().channels());
    out.putInt(tensor.shape().height());
    out.putInt(tensor.shape().width());
    out.putInt(signatureBytes);
    out.put(values);
    site.ifPresent(signer -> signer.sign(out.array()));
    return Bytes.wrap(out.array());
  }

  /** Decodes a message without checking the signature; {@link #isOfSite} checks it. */
  public StageTensor decode(Bytes payload) throws MalformedException {
    if (payload.size() < HEADER_BYTES || payload.size() > Limits.MAX_TENSOR_BYTES) {
      throw new MalformedException(
          "tensor message of " + payload.size() + " bytes, allowed: 56 to 4194304");
    }
    ByteBuffer in = payload.buffer().order(ByteOrder.LITTLE_ENDIAN);
    int schema = in.get() & 0xFF;
    if (schema != Limits.SCHEMA) {
      throw new MalformedException("schema " + schema + ", known: " + Limits.SCHEMA);
    }
    int typeCode = in.get() & 0xFF;
    TensorType type =
        TensorType.of(typeCode)
            .orElseThrow(() -> new MalformedException("tensor type " + typeCode + ", known: 1, 2"));
    int k = in.get() & 0xFF;
    int stage = in.get() & 0xFF;
    in.order(ByteOrder.BIG_ENDIAN);
    RequestKey key = new RequestKey(in.getLong(), in.getLong());
    in.order(ByteOrder.LITTLE_ENDIAN);
    long network = in.getLong();
    int budgetMillis = in.getInt();
    int inferenceMicros = in.getInt();
    int queueMicros = in.getInt();
    try {
      Shape shape = new Shape(in.getInt(), in.getInt(), in.getInt());
      int end = endOfValues(payload, in.getInt());
      Tensor tensor = Tensor.wrap(shape, type, in.limit(end));
      return new StageTensor(
          key, stage, network, k, budgetMillis, inferenceMicros, queueMicros, tensor);
    } catch (IllegalArgumentException e) {
      throw new MalformedException(String.valueOf(e.getMessage()));
    }
  }

  private static int endOfValues(Bytes payload, int signatureBytes) throws MalformedException {
    if (signatureBytes != 0 && signatureBytes != Signer.BYTES) {
      throw new MalformedException("signature of " + signatureBytes + " bytes, allowed: 0 or 16");
    }
    int end = payload.size() - signatureBytes;
    if (end < HEADER_BYTES) {
      throw new MalformedException("the tensor message is cut off");
    }
    return end;
  }

  /**
   * Returns whether a worker of the site signed the message; always true if the site has no key.
   *
   * @param payload a message that can be decoded
   */
  public boolean isOfSite(Bytes payload) {
    return site.isEmpty()
        || (payload.sharedArray()[SIGNATURE_LENGTH_AT] != 0 && site.get().isSigned(payload));
  }
}
