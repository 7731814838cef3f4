package chorale.protocol;

import chorale.protocol.Reply.Author;
import chorale.protocol.Reply.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;

/**
 * A MessagePack codec for replies: one array of {@value #FIELDS} fields in the order of {@link
 * #encode} (docs/protocol.md). The second-to-last field is a map of optional fields, whose unknown
 * keys are skipped. The last is the author's signature ({@link Signer}) or nil. Schema 1, which has
 * no map, is decoded too.
 *
 * <p>Decoding treats its input as untrusted: the schema is fixed, every length is checked against a
 * constant before an allocation, and trailing bytes are rejected. Not thread-safe.
 */
public final class ReplyCodec {
  /** The schema that is written. This schema and schema 1 are read. */
  public static final int SCHEMA = 2;

  private static final int FIELDS = 16;
  private static final String DETAIL = "detail";
  private static final String OTHER = "other";

  /** Buffer size that fits most replies; the default allocates 8 KiB for each reply. */
  private static final MessagePack.PackerConfig SMALL =
      new MessagePack.PackerConfig().withBufferSize(512);

  /** Placeholder that {@link Signer#sign} overwrites. */
  private static final byte[] NO_SIGNATURE = new byte[Signer.BYTES];

  private final Optional<Signer> author;

  /** Creates a codec that does not sign. */
  public ReplyCodec() {
    this.author = Optional.empty();
  }

  /** Creates a codec that signs what it encodes. */
  public ReplyCodec(SigningKey author) {
    this.author = Optional.of(new Signer(author));
  }

  public Bytes encode(Reply reply) {
    try (MessageBufferPacker packer = SMALL.newBufferPacker()) {
      Author from = reply.author();
      packer.packArrayHeader(FIELDS);
      packer.packInt(SCHEMA);
      packer.packBinaryHeader(RequestKey.BYTES);
      packer.addPayload(bytes(reply.key().high(), reply.key().low()));
      packer.packString(reply.camera());
      packer.packString(from.variant());
      packer.packString(from.worker());
      packer.packLong(from.session());
      packer.packDouble(from.alpha());
      packer.packInt(from.inputSize());
      packer.packInt(from.classCount());
      packer.packLong(from.classDigest());
      packer.packLong(from.modelDigest());
      packer.packInt(reply.inferenceMicros());
      packer.packInt(reply.queueMicros());
      if (reply.outcome() instanceof Outcome.TopK topk) {
        packer.packArrayHeader(2 * topk.ranked().size());
        for (Ranked ranked : topk.ranked()) {
          packer.packInt(ranked.index());
          packer.packFloat((float) ranked.probability());
        }
      } else if (reply.outcome() instanceof Failure failure) {
        packer.packString(failure.code());
      }
      packOptionalFields(packer, reply);
      if (author.isPresent()) {
        packer.packBinaryHeader(Signer.BYTES).writePayload(NO_SIGNATURE);
      } else {
        packer.packNil();
      }
      byte[] message = packer.toByteArray();
      author.ifPresent(signer -> signer.sign(message));
      return Bytes.wrap(message);
    } catch (IOException e) {
      throw new IllegalStateException("the in-memory packer failed", e);
    }
  }

  private static void packOptionalFields(MessageBufferPacker packer, Reply reply)
      throws IOException {
    if (reply.outcome() instanceof Failure failure && !failure.detail().isEmpty()) {
      packer.packMapHeader(1).packString(DETAIL).packString(failure.detail());
    } else if (reply.outcome() instanceof Outcome.TopK topk && topk.other().isPresent()) {
      float other = topk.other().get().floatValue();
      packer.packMapHeader(1).packString(OTHER).packFloat(other);
    } else {
      packer.packMapHeader(0);
    }
  }

  /** Decodes a reply and ignores its signature. */
  public Reply decode(Bytes payload) throws MalformedException {
    return receive(payload).reply();
  }

  public ReceivedReply receive(Bytes payload) throws MalformedException {
    if (payload.size() > Limits.MAX_REPLY_BYTES) {
      throw new MalformedException("reply of " + payload.size() + " bytes, allowed: 4096");
    }
    try (MessageUnpacker in = MessagePack.newDefaultUnpacker(payload.sharedArray())) {
      int fields = in.unpackArrayHeader();
      int schema = in.unpackInt();
      if (schema < 1 || schema > SCHEMA) {
        throw new MalformedException("schema " + schema + ", known: 1 to " + SCHEMA);
      }
      int expected = schema == 1 ? FIELDS - 1 : FIELDS;
      if (fields != expected) {
        throw new MalformedException(fields + " fields, allowed: " + expected);
      }
      RequestKey key = key(in);
      String camera = text(in, Limits.MAX_NAME_LENGTH);
      Author from =
          new Author(
              text(in, Limits.MAX_NAME_LENGTH),
              text(in, Limits.MAX_NAME_LENGTH),
              in.unpackLong(),
              in.unpackDouble(),
              in.unpackInt(),
              in.unpackInt(),
              in.unpackLong(),
              in.unpackLong());
      int inferenceMicros = in.unpackInt();
      int queueMicros = in.unpackInt();
      boolean votes = in.getNextFormat().getValueType().isArrayType();
      Outcome outcome = votes ? topk(in) : new Failure(code(in), "");
      if (schema > 1) {
        outcome = withOptionalFields(outcome, in);
      }
      boolean isSigned = hasSignature(in);
      if (in.hasNext()) {
        throw new MalformedException("bytes after the end");
      }
      Reply reply = new Reply(key, camera, from, outcome, inferenceMicros, queueMicros);
      return new ReceivedReply(reply, payload, isSigned);
    } catch (IOException | MessagePackException | IllegalArgumentException e) {
      throw new MalformedException(String.valueOf(e.getMessage()));
    }
  }

  private static RequestKey key(MessageUnpacker in) throws IOException, MalformedException {
    requireBytes("request key", in.unpackBinaryHeader(), RequestKey.BYTES);
    java.nio.ByteBuffer bytes = java.nio.ByteBuffer.wrap(in.readPayload(RequestKey.BYTES));
    return new RequestKey(bytes.getLong(), bytes.getLong());
  }

  private static String text(MessageUnpacker in, int maxBytes)
      throws IOException, MalformedException {
    int length = in.unpackRawStringHeader();
    if (length > maxBytes) {
      throw new MalformedException("text of " + length + " bytes, allowed: " + maxBytes);
    }
    return new String(in.readPayload(length), java.nio.charset.StandardCharsets.UTF_8);
  }

  private static Outcome topk(MessageUnpacker in) throws IOException, MalformedException {
    int values = in.unpackArrayHeader();
    if (values < 2 || values > 2 * Limits.MAX_K || values % 2 != 0) {
      throw new MalformedException(
          "top-k array of " + values + " values, allowed: 2 to " + 2 * Limits.MAX_K + ", even");
    }
    List<Ranked> ranked = new ArrayList<>(values / 2);
    for (int i = 0; i < values; i += 2) {
      ranked.add(new Ranked(in.unpackInt(), in.unpackFloat()));
    }
    return new Outcome.TopK(ranked);
  }

  /** Accepts unknown codes, because newer versions may add some to {@link ReplyError}. */
  private static String code(MessageUnpacker in) throws IOException, MalformedException {
    String code = text(in, Limits.MAX_NAME_LENGTH);
    if (!Names.isValid(code)) {
      throw new MalformedException(
          "error code '%s', allowed: %s"
              .formatted(PrintableText.line(code, Limits.MAX_NAME_LENGTH), Names.ALLOWED));
    }
    return code;
  }

  private static Outcome withOptionalFields(Outcome outcome, MessageUnpacker in)
      throws IOException, MalformedException {
    int fields = in.unpackMapHeader();
    Outcome whole = outcome;
    for (int i = 0; i < fields; i++) {
      String name = text(in, Limits.MAX_NAME_LENGTH);
      if (name.equals(DETAIL) && outcome instanceof Failure failure) {
        whole = new Failure(failure.code(), text(in, 4 * Limits.MAX_DETAIL_LENGTH));
      } else if (name.equals(OTHER) && outcome instanceof Outcome.TopK topk) {
        whole = new Outcome.TopK(topk.ranked(), Optional.of((double) in.unpackFloat()));
      } else {
        in.skipValue();
      }
    }
    return whole;
  }

  private static boolean hasSignature(MessageUnpacker in) throws IOException, MalformedException {
    if (in.tryUnpackNil()) {
      return false;
    }
    requireBytes("signature", in.unpackBinaryHeader(), Signer.BYTES);
    var unused = in.readPayloadAsReference(Signer.BYTES);
    return true;
  }

  private static void requireBytes(String what, int bytes, int allowed) throws MalformedException {
    if (bytes != allowed) {
      throw new MalformedException(what + " of " + bytes + " bytes, allowed: " + allowed);
    }
  }

  private static byte[] bytes(long high, long low) {
    return java.nio.ByteBuffer.allocate(RequestKey.BYTES).putLong(high).putLong(low).array();
  }
}
