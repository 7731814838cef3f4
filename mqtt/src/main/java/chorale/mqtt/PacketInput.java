package chorale.mqtt;

import chorale.protocol.MalformedException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A bounds-checked reader for the body of one MQTT packet. Every length is checked against the
 * remaining bytes before memory is allocated. An invalid field throws {@link MalformedException};
 * the stream stays usable, and {@link #skipRest} moves to the next packet. One owning thread.
 *
 * <p>Source: MQTT 5.0, section 1.5 (data types).
 */
final class PacketInput {
  private static final int MAX_VARIABLE_BYTES = 4;

  private final InputStream in;
  private int left;

  PacketInput(InputStream in, int length) {
    this.in = in;
    this.left = length;
  }

  /** Reads the length of a packet, a variable byte integer before the body. */
  static int packetLength(InputStream in) throws IOException, MalformedException {
    return new PacketInput(in, MAX_VARIABLE_BYTES).variableInt();
  }

  int left() {
    return left;
  }

  int u8() throws IOException, MalformedException {
    take(1);
    int value = in.read();
    if (value < 0) {
      throw new EOFException();
    }
    return value;
  }

  int u16() throws IOException, MalformedException {
    return u8() << 8 | u8();
  }

  long u32() throws IOException, MalformedException {
    return (long) u16() << 16 | u16();
  }

  int variableInt() throws IOException, MalformedException {
    int value = 0;
    for (int i = 0; i < MAX_VARIABLE_BYTES; i++) {
      int digit = u8();
      value |= (digit & 0x7F) << (7 * i);
      if (digit < 0x80) {
        return value;
      }
    }
    throw new MalformedException("a length of more than four bytes");
  }

  byte[] bytes(int length) throws IOException, MalformedException {
    take(length);
    byte[] bytes = new byte[length];
    if (in.readNBytes(bytes, 0, length) < length) {
      throw new EOFException();
    }
    return bytes;
  }

  /** Returns all remaining bytes. */
  byte[] rest() throws IOException, MalformedException {
    return bytes(left);
  }

  /** Reads binary data after its 2-byte length. */
  byte[] binary() throws IOException, MalformedException {
    return bytes(u16());
  }

  String text() throws IOException, MalformedException {
    return text(binary());
  }

  /** Decodes UTF-8 as MQTT requires it: well-formed and without U+0000. */
  static String text(byte[] utf8) throws MalformedException {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
      if (text.indexOf('\0') >= 0) {
        throw new MalformedException("a text with a zero character");
      }
      return text;
    } catch (CharacterCodingException e) {
      throw new MalformedException("a text that is not UTF-8");
    }
  }

  /** Returns the next bytes as a separate input, for example the properties. */
  PacketInput section(int length) throws IOException, MalformedException {
    return new PacketInput(new ByteArrayInputStream(bytes(length)), length);
  }

  void skipRest() throws IOException {
    in.skipNBytes(left);
    left = 0;
  }

  private void take(int bytes) throws MalformedException {
    if (bytes > left) {
      throw new MalformedException("a field of " + bytes + " bytes where " + left + " are left");
    }
    left -= bytes;
  }
}
