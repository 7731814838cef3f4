package chorale.worker;

import chorale.protocol.Bytes;
import chorale.variants.ModelSetException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * A scanner of ONNX files for two kinds of references outside the file: weights in other files,
 * which no digest covers, and operators from outside ONNX Runtime. It does not run the network. It
 * walks the protobuf messages that can contain such references and skips the rest. Stateless.
 *
 * <p>Source: onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto), whose field
 * numbers never change.
 */
final class OnnxFile {
  private static final Set<String> DOMAINS = Set.of("", "ai.onnx", "ai.onnx.ml", "com.microsoft");
  private static final int MAX_DEPTH = 32;

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int FIXED32 = 5;

  /** A message type, with the fields that contain other messages. */
  private enum Type {
    MODEL,
    OPERATOR_SET,
    GRAPH,
    NODE,
    ATTRIBUTE,
    SPARSE,
    TENSOR,
    FUNCTION;

    Map<Integer, Type> children() {
      return switch (this) {
        case MODEL -> Map.of(7, GRAPH, 8, OPERATOR_SET, 25, FUNCTION);
        case GRAPH -> Map.of(1, NODE, 5, TENSOR, 15, SPARSE);
        case NODE -> Map.of(5, ATTRIBUTE);
        case ATTRIBUTE ->
            Map.of(5, TENSOR, 6, GRAPH, 10, TENSOR, 11, GRAPH, 22, SPARSE, 23, SPARSE);
        case SPARSE -> Map.of(1, TENSOR, 2, TENSOR);
        case FUNCTION -> Map.of(7, NODE, 9, OPERATOR_SET, 11, ATTRIBUTE);
        case TENSOR, OPERATOR_SET -> Map.of();
      };
    }
  }

  private static final int OPERATOR_SET_DOMAIN = 1;
  private static final int TENSOR_EXTERNAL_DATA = 13;
  private static final int TENSOR_DATA_LOCATION = 14;

  private final Path file;

  private OnnxFile(Path file) {
    this.file = file;
  }

  static void requireSelfContained(Path file, Bytes model) throws ModelSetException {
    ByteBuffer bytes = model.buffer().order(ByteOrder.LITTLE_ENDIAN);
    new OnnxFile(file).walk(Type.MODEL, bytes, 0);
  }

  private void walk(Type type, ByteBuffer bytes, int depth) throws ModelSetException {
    if (depth > MAX_DEPTH) {
      throw wrong("nested more than " + MAX_DEPTH + " deep");
    }
    Map<Integer, Type> children = type.children();
    while (bytes.hasRemaining()) {
      long tag = varint(bytes);
      int field = (int) (tag >>> 3);
      switch ((int) (tag & 7)) {
        case VARINT -> number(type, field, varint(bytes));
        case FIXED64 -> skip(bytes, 8);
        case FIXED32 -> skip(bytes, 4);
        case LENGTH -> {
          ByteBuffer content = slice(bytes, varint(bytes));
          content(type, field, content);
          if (children.containsKey(field)) {
            walk(children.get(field), content, depth + 1);
          }
        }
        default -> throw wrong("not an ONNX file");
      }
    }
  }

  private void number(Type type, int field, long value) throws ModelSetException {
    if (type == Type.TENSOR && field == TENSOR_DATA_LOCATION && value != 0) {
      throw wrong("stores weights in another file (allowed: all in one file)");
    }
  }

  private void content(Type type, int field, ByteBuffer content) throws ModelSetException {
    if (type == Type.TENSOR && field == TENSOR_EXTERNAL_DATA) {
      throw wrong("stores weights in another file (allowed: all in one file)");
    }
    if (type == Type.OPERATOR_SET && field == OPERATOR_SET_DOMAIN) {
      String domain = StandardCharsets.UTF_8.decode(content.duplicate()).toString();
      if (!DOMAINS.contains(domain)) {
        throw wrong("needs operators of '" + domain + "' (allowed: those of ONNX Runtime itself)");
      }
    }
  }

  private long varint(ByteBuffer bytes) throws ModelSetException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (!bytes.hasRemaining()) {
        throw wrong("not an ONNX file, or cut off");
      }
      byte next = bytes.get();
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw wrong("not an ONNX file");
  }

  private ByteBuffer slice(ByteBuffer bytes, long length) throws ModelSetException {
    int from = bytes.position();
    skip(bytes, length);
    return bytes.slice(from, (int) length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void skip(ByteBuffer bytes, long length) throws ModelSetException {
    if (length < 0 || length > bytes.remaining()) {
      throw wrong("not an ONNX file, or cut off");
    }
    bytes.position(bytes.position() + (int) length);
  }

  private ModelSetException wrong(String message) {
    return new ModelSetException(file + ": " + message);
  }
}
