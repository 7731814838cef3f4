package chorale.imaging;

import chorale.protocol.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** A PNG of any kind built chunk by chunk, so that a test can violate one rule at a time. */
final class TestPng {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  TestPng(int width, int height, int depth, int kind, boolean interlaced) {
    out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
    header.put((byte) depth).put((byte) kind).putShort((short) 0).put((byte) (interlaced ? 1 : 0));
    chunk("IHDR", header.array());
  }

  TestPng chunk(String type, byte[] content) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(content);
    out.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
    out.writeBytes(name);
    out.writeBytes(content);
    out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    return this;
  }

  /** Adds compressed rows, each with its filter type, in chunks of so many bytes. */
  TestPng rows(byte[] rows, int chunkBytes) {
    byte[] packed = packed(rows);
    for (int at = 0; at < packed.length; at += chunkBytes) {
      int length = Math.min(chunkBytes, packed.length - at);
      byte[] part = new byte[length];
      System.arraycopy(packed, at, part, 0, length);
      chunk("IDAT", part);
    }
    return this;
  }

  TestPng rows(int... rows) {
    byte[] bytes = new byte[rows.length];
    for (int i = 0; i < rows.length; i++) {
      bytes[i] = (byte) rows[i];
    }
    return rows(bytes, 1 << 20);
  }

  static byte[] packed(byte[] rows) {
    Deflater deflater = new Deflater();
    deflater.setInput(rows);
    deflater.finish();
    byte[] packed = new byte[rows.length + 1_000];
    int length = deflater.deflate(packed);
    deflater.end();
    return Arrays.copyOf(packed, length);
  }

  Bytes unfinished() {
    return Bytes.wrap(out.toByteArray());
  }

  Bytes finished() {
    return chunk("IEND", new byte[0]).unfinished();
  }
}
