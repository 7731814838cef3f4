package chorale.protocol.strategy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Bytes;
import chorale.protocol.Limits;
import chorale.protocol.MalformedException;
import chorale.protocol.RequestKey;
import chorale.protocol.SigningKey;
import chorale.protocol.strategy.Tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TensorCodecTest {
  private static final StageTensor STAGE_TENSOR = stageTensor(TensorType.FLOAT32);
  private static final SigningKey KEY =
      SigningKey.parse("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
  private static final SigningKey OTHER = new SigningKey(Bytes.wrap(new byte[SigningKey.BYTES]));

  private final TensorCodec codec = new TensorCodec();

  private static StageTensor stageTensor(TensorType type) {
    Tensor tensor =
        Tensor.of(new Shape(1, 1, 2), type, FloatBuffer.wrap(new float[] {1.5f, -0.25f}));
    return new StageTensor(new RequestKey(1, 2), 3, 0x0102030405060708L, 2, 1000, 1500, 20, tensor);
  }

  @Test
  void encode_handover_givesTheGoldenBytes() {
    assertEquals(
        "01010203000000000000000100000000000000020807060504030201e8030000dc05000014000000010000000100000002000000000000000000c03f000080be",
        codec.encode(STAGE_TENSOR).hex());
    assertEquals(
        "01020203000000000000000100000000000000020807060504030201e8030000dc0500001400000001000000010000000200000000000000003e00b4",
        codec.encode(stageTensor(TensorType.FLOAT16)).hex());
  }

  @Test
  void decode_encodedTensor_isEqual() throws MalformedException {
    for (TensorType type : TensorType.values()) {
      StageTensor decoded = codec.decode(codec.encode(stageTensor(type)));
      assertEquals(stageTensor(type), decoded);
      float[] values = new float[2];
      decoded.tensor().copyTo(FloatBuffer.wrap(values));
      assertEquals(1.5f, values[0]);
      assertEquals(-0.25f, values[1]);
    }
  }

  /** The last 16 bytes were computed with Python's hmac (SHA-256, key 00 to 1f). */
  @Test
  void encode_signed_givesTheGoldenBytes() {
    assertEquals(
        "01010203000000000000000100000000000000020807060504030201e8030000dc05000014000000010000000100000002000000100000000000c03f000080bee522c935ab8af6720fb0a82d4137b0c5",
        new TensorCodec(KEY).encode(STAGE_TENSOR).hex());
  }

  @Test
  void isOfSite_withAKey_isTrueOnlyForItsSignature() throws MalformedException {
    TensorCodec ours = new TensorCodec(KEY);
    Bytes signed = ours.encode(STAGE_TENSOR);
    assertEquals(STAGE_TENSOR, ours.decode(signed));
    assertEquals(STAGE_TENSOR, codec.decode(signed));
    assertTrue(ours.isOfSite(signed));
    assertFalse(ours.isOfSite(codec.encode(STAGE_TENSOR)));
    assertFalse(ours.isOfSite(new TensorCodec(OTHER).encode(STAGE_TENSOR)));
    assertTrue(codec.isOfSite(codec.encode(STAGE_TENSOR)));

    byte[] whole = signed.toArray();
    for (int bit = 0; bit < 8 * whole.length; bit++) {
      byte[] forged = whole.clone();
      forged[bit / 8] ^= (byte) (1 << bit % 8);
      assertFalse(isOfSite(ours, Bytes.wrap(forged)), "bit " + bit);
    }
  }

  private static boolean isOfSite(TensorCodec codec, Bytes payload) {
    try {
      var unused = codec.decode(payload);
      return codec.isOfSite(payload);
    } catch (MalformedException e) {
      return false;
    }
  }

  @Test
  void decode_anyOtherLength_isMalformed() {
    byte[] whole = codec.encode(STAGE_TENSOR).toArray();
    for (int length = 0; length < whole.length + 20; length++) {
      Bytes other = Bytes.wrap(Arrays.copyOf(whole, length));
      if (length != whole.length) {
        assertThrows(MalformedException.class, () -> codec.decode(other), "length " + length);
      }
    }
    assertThrows(
        MalformedException.class,
        () -> codec.decode(Bytes.wrap(Arrays.copyOf(whole, Limits.MAX_TENSOR_BYTES + 1))));
  }

  @Test
  void decode_fieldsOutOfRange_areMalformed() {
    refused(0, 2, "schema 2, known: 1");
    refused(1, 3, "tensor type 3, known: 1, 2");
    refused(2, 0, "k 0 is outside 1..16");
    refused(2, 17, "k 17 is outside 1..16");
    refused(3, 1, "stage 1 is outside 2..16");
    refused(3, 17, "stage 17 is outside 2..16");
    refused(31, 0x80, "budget -2147482648 is outside 1..60000");
    refused(35, 0x80, "inference time -2147482148 is outside 0..2147483647");
    refused(39, 0x80, "queue time -2147483628 is outside 0..2147483647");
    refused(40, 0, "tensor of 0 x 1 x 2 (allowed: at least 1 each, together at most 1048576");
    refused(40, 2, "tensor of 2x1x2 float32 in 8 bytes");
    refused(52, 1, "signature of 1 bytes, allowed: 0 or 16");
    refused(52, 16, "in -8 bytes", "cut off");
    refused(59, 0x7F, "contains an infinite value or NaN"); // 1.5 becomes a NaN
  }

  /** Each factor is in range, but their product overflows an int to 2. */
  @Test
  void decode_shapeThatOverflows_isMalformed() {
    byte[] whole = codec.encode(STAGE_TENSOR).toArray();
    ByteBuffer bytes = ByteBuffer.wrap(whole).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(40, 1 << 20).putInt(44, 1 << 20).putInt(48, 1 << 20);
    String message =
        assertThrows(MalformedException.class, () -> codec.decode(Bytes.wrap(whole))).getMessage();
    assertTrue(message.startsWith("tensor of 1048576 x 1048576 x 1048576"), message);
  }

  private void refused(int at, int value, String... messages) {
    byte[] bytes = codec.encode(STAGE_TENSOR).toArray();
    bytes[at] = (byte) value;
    String message =
        assertThrows(MalformedException.class, () -> codec.decode(Bytes.wrap(bytes))).getMessage();
    assertTrue(Arrays.stream(messages).anyMatch(message::contains), message);
  }

  @Test
  void decode_mutated_isMalformedOrAValidHandover() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    byte[] whole = codec.encode(STAGE_TENSOR).toArray();
    for (int i = 0; i < 20_000; i++) {
      byte[] mutated = whole.clone();
      for (int flips = random.nextInt(4) + 1; flips > 0; flips--) {
        mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
      }
      try {
        StageTensor decoded = codec.decode(Bytes.wrap(mutated));
        assertEquals(decoded, codec.decode(codec.encode(decoded)), "seed " + seed);
      } catch (MalformedException e) {
        // expected
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  @Test
  void of_infiniteOrNaN_isRefused() {
    for (TensorType type : TensorType.values()) {
      for (float bad : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
        FloatBuffer values = FloatBuffer.wrap(new float[] {1, bad});
        assertThrows(
            IllegalArgumentException.class, () -> Tensor.of(new Shape(1, 2, 1), type, values));
      }
    }
  }

  @Test
  void encode_largerThanAllowed_isRefused() {
    Shape largest = new Shape(16, 256, 256);
    Tensor tensor = Tensor.of(largest, TensorType.FLOAT32, FloatBuffer.allocate(largest.size()));
    StageTensor stageTensor = new StageTensor(new RequestKey(1, 2), 2, 7, 1, 1, 0, 0, tensor);
    assertThrows(IllegalArgumentException.class, () -> codec.encode(stageTensor));
    assertThrows(IllegalArgumentException.class, () -> new Shape(17, 256, 256));
  }
}
