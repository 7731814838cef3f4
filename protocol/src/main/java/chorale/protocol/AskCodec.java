package chorale.protocol;

import java.nio.ByteBuffer;

/**
 * A codec for asks. An ask has {@value #BYTES} bytes, big-endian: schema (1), request key (16),
 * milliseconds left (4) (docs/protocol.md). Stateless.
 */
public final class AskCodec {
  static final int BYTES = 1 + RequestKey.BYTES + Integer.BYTES;

  private AskCodec() {}

  public static Bytes encode(Ask ask) {
    return Bytes.wrap(
        ByteBuffer.allocate(BYTES)
            .put((byte) Limits.SCHEMA)
            .putLong(ask.key().high())
            .putLong(ask.key().low())
            .putInt(ask.leftMillis())
            .array());
  }

  /** Returns the message to publish. It expires at the request's deadline. */
  public static Message message(String topic, Ask ask) {
    int expirySeconds = (ask.leftMillis() + 999) / 1_000;
    return Message.of(topic, encode(ask))
        .with(MessageProperties.NONE.withExpirySeconds(expirySeconds));
  }

  public static Ask decode(Bytes payload) throws MalformedException {
    if (payload.size() != BYTES) {
      throw new MalformedException("ask of %d bytes, allowed: 21".formatted(payload.size()));
    }
    ByteBuffer in = payload.buffer();
    int schema = in.get();
    if (schema != Limits.SCHEMA) {
      throw new MalformedException("schema " + schema + ", known: " + Limits.SCHEMA);
    }
    try {
      return new Ask(new RequestKey(in.getLong(), in.getLong()), in.getInt());
    } catch (IllegalArgumentException e) {
      throw new MalformedException(String.valueOf(e.getMessage()));
    }
  }
}
