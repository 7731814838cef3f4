package chorale.publisher;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * A reader of zip files that isolates errors to single entries. Java's own reader rejects the whole
 * file for one entry that is encrypted, uses another compression method or has a name in code page
 * 437, and does not verify the CRC. Not thread-safe; its owner closes it. Source: PKWARE APPNOTE
 * 6.3.10, sections 4.3 to 4.5 and appendix D.
 */
final class ZipArchive implements Closeable {
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int MAX_COMMENT = 0xFFFF;
  private static final int END64_LOCATOR_SIGNATURE = 0x07064b50;
  private static final int END64_LOCATOR_BYTES = 20;
  private static final int END64_SIGNATURE = 0x06064b50;
  private static final int END64_BYTES = 56;
  private static final int CENTRAL_SIGNATURE = 0x02014b50;
  private static final int CENTRAL_BYTES = 46;
  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int LOCAL_BYTES = 30;
  private static final int EXTRA_ZIP64 = 1;
  private static final long IN_EXTRA = 0xFFFFFFFFL;

  private static final int ENCRYPTED = 1;
  private static final int UTF8_NAME = 1 << 11;
  private static final int STORED = 0;
  private static final int DEFLATED = 8;
  private static final Charset CODE_PAGE_437 = Charset.forName("IBM437");

  private final FileChannel file;
  private final List<Entry> entries;

  /**
   * One entry of the central directory.
   *
   * @param name with {@code /} between its parts
   * @param at position of its local header
   */
  record Entry(String name, int flags, int method, long crc, long packed, long size, long at) {
    boolean isFolder() {
      return name.endsWith("/");
    }
  }

  /**
   * The central directory of the file.
   *
   * @param at position in the file
   * @param bytes its size
   * @param shift number of bytes before the archive, such as those of a self-extracting program
   */
  private record Directory(long at, long bytes, long shift) {}

  private ZipArchive(FileChannel file, List<Entry> entries) {
    this.file = file;
    this.entries = entries;
  }

  /**
   * @throws IOException the file cannot be read, or its directory is damaged
   */
  static ZipArchive open(Path path) throws IOException {
    FileChannel file = FileChannel.open(path);
    try {
      return new ZipArchive(file, entries(file, directory(file)));
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  List<Entry> entries() {
    return entries;
  }

  /**
   * Reads at most one byte more than the limit, regardless of the size claimed by the entry.
   *
   * @throws IOException it is encrypted, uses another compression method, or is damaged
   */
  byte[] read(Entry entry, int limit) throws IOException {
    if ((entry.flags() & ENCRYPTED) != 0) {
      throw new ZipException("encrypted (allowed: entries without a password)");
    }
    if (entry.method() != STORED && entry.method() != DEFLATED) {
      throw new ZipException(
          "compression method " + entry.method() + " (allowed: deflate, stored)");
    }
    ByteBuffer local = bytes(file, entry.at(), LOCAL_BYTES);
    if (local.getInt(0) != LOCAL_SIGNATURE) {
      throw new ZipException("damaged: its directory points to a wrong position");
    }
    long data = entry.at() + LOCAL_BYTES + u16(local, 26) + u16(local, 28);
    int most = (int) Math.min(entry.size(), limit) + 1;
    // Deflate adds 5 bytes to each block that does not shrink.
    int packed = (int) Math.min(entry.packed(), most + (most >> 8) + 1024L);
    byte[] content =
        entry.method() == STORED
            ? bytes(file, data, Math.min(packed, most)).array()
            : inflated(bytes(file, data, packed), most);
    CRC32 crc = new CRC32();
    crc.update(content);
    if (content.length <= limit && crc.getValue() != entry.crc()) {
      throw new ZipException("damaged: its checksum (CRC-32) is wrong");
    }
    return content;
  }

  private static byte[] inflated(ByteBuffer packed, int most) throws ZipException {
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(packed);
      byte[] content = new byte[most];
      int filled = 0;
      while (filled < most && !inflater.finished()) {
        int got = inflater.inflate(content, filled, most - filled);
        if (got == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
          break;
        }
        filled += got;
      }
      return Arrays.copyOf(content, filled);
    } catch (DataFormatException e) {
      throw new ZipException("damaged: " + e.getMessage());
    } finally {
      inflater.end();
    }
  }

  private static Directory directory(FileChannel file) throws IOException {
    int length = (int) Math.min(file.size(), END_BYTES + MAX_COMMENT);
    long from = file.size() - length;
    ByteBuffer tail = bytes(file, from, length);
    for (int i = length - END_BYTES; i >= 0; i--) {
      if (tail.getInt(i) == END_SIGNATURE && i + END_BYTES + u16(tail, i + 20) <= length) {
        long end = from + i;
        Optional<Directory> large = directory64(file, end);
        if (large.isPresent()) {
          return large.get();
        }
        long bytes = u32(tail, i + 12);
        long at = end - bytes;
        return new Directory(at, bytes, at - u32(tail, i + 16));
      }
    }
    throw new ZipException("not a zip, or its end is missing");
  }

  /** Returns the zip64 directory, for more than 65,535 entries or 4 GiB. */
  private static Optional<Directory> directory64(FileChannel file, long end) throws IOException {
    long locatorAt = end - END64_LOCATOR_BYTES;
    if (locatorAt < 0) {
      return Optional.empty();
    }
    ByteBuffer locator = bytes(file, locatorAt, END64_LOCATOR_BYTES);
    if (locator.getInt(0) != END64_LOCATOR_SIGNATURE) {
      return Optional.empty();
    }
    ByteBuffer record = bytes(file, locator.getLong(8), END64_BYTES);
    if (record.getInt(0) != END64_SIGNATURE) {
      throw new ZipException("damaged: no zip64 record at the position in its locator");
    }
    return Optional.of(new Directory(record.getLong(48), record.getLong(40), 0));
  }

  private static List<Entry> entries(FileChannel file, Directory directory) throws IOException {
    if (directory.at() < 0 || directory.shift() < 0 || directory.bytes() > Integer.MAX_VALUE) {
      throw new ZipException("damaged: its directory lies outside the file");
    }
    ByteBuffer all = bytes(file, directory.at(), (int) directory.bytes());
    List<Entry> entries = new ArrayList<>();
    int at = 0;
    while (at + CENTRAL_BYTES <= all.limit()) {
      int name = at + CENTRAL_BYTES;
      int extra = name + u16(all, at + 28);
      int comment = extra + u16(all, at + 30);
      int next = comment + u16(all, at + 32);
      if (all.getInt(at) != CENTRAL_SIGNATURE || next > all.limit()) {
        throw new ZipException("damaged: entry " + (entries.size() + 1) + " of its directory");
      }
      entries.add(entry(all, at, directory.shift()));
      at = next;
    }
    return entries;
  }

  private static Entry entry(ByteBuffer all, int at, long shift) throws ZipException {
    int flags = u16(all, at + 8);
    int nameAt = at + CENTRAL_BYTES;
    int extraAt = nameAt + u16(all, at + 28);
    byte[] name = new byte[extraAt - nameAt];
    all.get(nameAt, name);
    ByteBuffer large = zip64(all, extraAt, extraAt + u16(all, at + 30));
    long size = number(all, at + 24, large);
    long packed = number(all, at + 20, large);
    long header = number(all, at + 42, large);
    if (size < 0 || packed < 0 || header < 0) {
      throw new ZipException("damaged: an entry of negative size");
    }
    return new Entry(
        text(name, (flags & UTF8_NAME) != 0).replace('\\', '/'),
        flags,
        u16(all, at + 10),
        u32(all, at + 16),
        packed,
        size,
        header + shift);
  }

  /** Returns the values that exceed 32 bits, in the order of their use. */
  private static ByteBuffer zip64(ByteBuffer all, int from, int end) {
    int at = from;
    while (at + 4 <= end) {
      int next = at + 4 + u16(all, at + 2);
      if (u16(all, at) == EXTRA_ZIP64 && next <= end) {
        return all.slice(at + 4, next - at - 4).order(ByteOrder.LITTLE_ENDIAN);
      }
      at = next;
    }
    return ByteBuffer.allocate(0);
  }

  private static long number(ByteBuffer all, int at, ByteBuffer large) {
    long value = u32(all, at);
    return value == IN_EXTRA && large.remaining() >= 8 ? large.getLong() : value;
  }

  /** Decodes a name; tools that do not declare the encoding use UTF-8 or code page 437. */
  private static String text(byte[] name, boolean utf8) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(name)).toString();
    } catch (CharacterCodingException e) {
      return new String(name, utf8 ? StandardCharsets.UTF_8 : CODE_PAGE_437);
    }
  }

  private static ByteBuffer bytes(FileChannel file, long at, int count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (at < 0 || file.read(bytes, at + bytes.position()) < 0) {
        throw new ZipException("damaged: it ends too early");
      }
    }
    return bytes.flip();
  }

  private static int u16(ByteBuffer from, int at) {
    return from.getShort(at) & 0xFFFF;
  }

  private static long u32(ByteBuffer from, int at) {
    return from.getInt(at) & 0xFFFFFFFFL;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
