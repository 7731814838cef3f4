package chorale.protocol.strategy;

import chorale.protocol.Bytes;
import chorale.protocol.Limits;
import chorale.protocol.MalformedException;
import chorale.protocol.ReplyCodec;
import chorale.protocol.ReplyMac;
import chorale.protocol.RequestKey;
import chorale.protocol.strategy.Tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * Stage tensors as bytes: a fixed header of {@value #HEADER_BYTES} bytes, the tensor's values, and
 * an authentication code where a key is shared, as in replies (docs/protocol.md). Little-endian but
 * for the request key, which is the sixteen bytes that replies carry.
 *
 * <p>Decoding trusts nothing: the length must be what the header says, and every field is in range
 * before anything is made of it; nothing is allocated but views. Not safe for several threads.
 */
public final class TensorCodec {
  public static final int HEADER_BYTES = 56;

  private final Optional<ReplyMac> mac;

  /** Without authentication. */
  public TensorCodec() {
    this.mac = Optional.empty();
  }

  /**
   * @param sharedKey as of {@link ReplyCodec}; handovers without it are malformed
   */
  public TensorCodec(Bytes sharedKey) {
    this.mac = Optional.of(new ReplyMac(sharedKey));
  }

  /** Whether a tensor can be sent, with an authentication code or without. */
  public static boolean fits(Shape shape, TensorType type) {
    return HEADER_BYTES + shape.size() * type.bytes() + ReplyMac.BYTES <= Limits.MAX_TENSOR_BYTES;
  }

  /**
   * @throws IllegalArgumentException the message would be larger than {@link
   *     Limits#MAX_TENSOR_BYTES}
   */
  public Bytes encode(StageTensor stageTensor) {
    Tensor tensor = stageTensor.tensor();
    ByteBuffer values = tensor.values();
    int codeBytes = mac.isPresent() ? ReplyMac.BYTES : 0;
    int signed = HEADER_BYTES + values.remaining();
    if (signed + codeBytes > Limits.MAX_TENSOR_BYTES) {
      throw new IllegalArgumentException(
          "tensor message of " + (signed + codeBytes) + " bytes, allowed: 4194304");
    }
    ByteBuffer out = ByteBuffer.allocate(signed + codeBytes).order(ByteOrder.LITTLE_ENDIAN);
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
    out.putInt(codeBytes);
    out.put(values);
    if (mac.isPresent()) {
      out.put(mac.get().code(out.array(), signed));
    }
    return Bytes.wrap(out.array());
  }

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
      int end = authenticated(payload, in.getInt());
      Tensor tensor = Tensor.wrap(shape, type, in.limit(end));
      return new StageTensor(
          key, stage, network, k, budgetMillis, inferenceMicros, queueMicros, tensor);
    } catch (IllegalArgumentException e) {
      throw new MalformedException(String.valueOf(e.getMessage()));
    }
  }

  /** Where the tensor ends and the code begins, which is right or not asked for. */
  private int authenticated(Bytes payload, int codeBytes) throws MalformedException {
    if (codeBytes != 0 && codeBytes != ReplyMac.BYTES) {
      throw new MalformedException("an authentication code has 0 or 16 bytes");
    }
    int end = payload.size() - codeBytes;
    if (end < HEADER_BYTES) {
      throw new MalformedException("cut off");
    }
    if (mac.isPresent()) {
      byte[] all = payload.sharedArray();
      byte[] claimed = Arrays.copyOfRange(all, end, all.length);
      if (codeBytes == 0 || !mac.get().matches(claimed, all, end)) {
        throw new MalformedException("authentication failed");
      }
    }
    return end;
  }
}
