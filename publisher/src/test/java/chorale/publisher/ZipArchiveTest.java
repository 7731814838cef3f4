package chorale.publisher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import chorale.publisher.ImageSource.Next;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Zip entries for which Java's reader refuses the whole file, or which it does not check. */
class ZipArchiveTest {
  private static final int CENTRAL = 0x02014b50;

  @TempDir Path folder;

  @Test
  void read_storedDeflatedAndLarge_returnsTheContent() throws Exception {
    byte[] large = new byte[300_000];
    for (int i = 0; i < large.length; i++) {
      large[i] = (byte) ((i * i) >> 7);
    }
    Path zip = folder.resolve("a.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      out.putNextEntry(new ZipEntry("deflated"));
      out.write(large);
      ZipEntry stored = new ZipEntry("stored");
      stored.setMethod(ZipEntry.STORED);
      stored.setSize(large.length);
      CRC32 crc = new CRC32();
      crc.update(large);
      stored.setCrc(crc.getValue());
      out.putNextEntry(stored);
      out.write(large);
    }

    try (ZipArchive archive = ZipArchive.open(zip)) {
      for (ZipArchive.Entry entry : archive.entries()) {
        assertArrayEquals(large, archive.read(entry, large.length), entry.name());
        assertEquals(1_001, archive.read(entry, 1_000).length, "one byte more than the limit");
      }
      assertEquals(2, archive.entries().size());
    }
  }

  @Test
  void open_namesOfCodePage437AndUtf8AndBackslashes_areRead() throws Exception {
    byte[] zip = zip(Charset.forName("IBM437"), "k\u00e4fer/1.jpg", "a\\b\\2.jpg");
    assertEquals(List.of("k\u00e4fer/1.jpg", "a/b/2.jpg"), names(zip));

    assertEquals(
        List.of("k\u00e4fer/1.jpg"), names(zip(StandardCharsets.UTF_8, "k\u00e4fer/1.jpg")));
  }

  @Test
  void open_moreEntriesThan16Bits_listsAll() throws Exception {
    String[] names = new String[66_000];
    for (int i = 0; i < names.length; i++) {
      names[i] = i + ".jpg";
    }
    assertEquals(List.of(names), names(zip(StandardCharsets.UTF_8, names)));
  }

  @Test
  void open_bytesBeforeTheArchive_areSkipped() throws Exception {
    byte[] zip = zip(StandardCharsets.UTF_8, "a.jpg");
    ByteArrayOutputStream program = new ByteArrayOutputStream();
    program.write(new byte[1_000]);
    program.write(zip);

    assertEquals(List.of("a.jpg"), sent(program.toByteArray()));
  }

  @Test
  void read_methodPasswordOrChecksumOfOneEntry_isReportedAndTheRestIsRead() throws Exception {
    byte[] zip = zip(StandardCharsets.UTF_8, "a.jpg", "b.jpg", "c.jpg", "d.jpg");
    change(zip, 0, 10, 1);
    change(zip, 1, 8, 1);
    change(zip, 2, 16, 1);

    assertEquals(
        List.of(
            "a.jpg: cannot be read: compression method 9 (allowed: deflate, stored)",
            "b.jpg: cannot be read: encrypted (allowed: entries without a password)",
            "c.jpg: cannot be read: damaged: its checksum (CRC-32) is wrong",
            "d.jpg"),
        sent(zip));
  }

  @Test
  void read_truncatedEntry_isReportedAsDamaged() throws Exception {
    byte[] zip = zip(StandardCharsets.UTF_8, "a.jpg", "b.jpg");
    change(zip, 0, 42, 5);

    assertEquals(
        List.of(
            "a.jpg: cannot be read: damaged: its directory points to a wrong position", "b.jpg"),
        sent(zip));
  }

  private static byte[] zip(Charset charset, String... names) throws IOException {
    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(zip, charset)) {
      for (String name : names) {
        out.putNextEntry(new ZipEntry(name));
        out.write('x');
      }
    }
    return zip.toByteArray();
  }

  /** Adds to a number of an entry in the central directory. */
  private static void change(byte[] zip, int entry, int offset, int by) {
    ByteBuffer all = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    int found = -1;
    for (int at = 0; at + 4 < zip.length; at++) {
      int signature = all.getInt(at);
      if (signature == CENTRAL && ++found == entry) {
        zip[at + offset] = (byte) (zip[at + offset] + by);
        return;
      }
    }
    throw new IllegalStateException("no entry " + entry);
  }

  private List<String> names(byte[] zip) throws Exception {
    Path file = Files.write(folder.resolve("names.zip"), zip);
    try (ZipArchive archive = ZipArchive.open(file)) {
      return archive.entries().stream().map(ZipArchive.Entry::name).toList();
    }
  }

  private List<String> sent(byte[] zip) throws Exception {
    Path file = Files.write(folder.resolve("sent.zip"), zip);
    List<String> all = new ArrayList<>();
    try (ImageListing listing = ImageListing.of(List.of(file))) {
      ImageSource source = listing.all();
      for (Next next = source.next(); !(next instanceof Next.Ended); next = source.next()) {
        all.add(
            next instanceof Next.Skipped skipped
                ? skipped.name() + ": " + skipped.reason()
                : assertInstanceOf(Next.Ready.class, next).image().name());
      }
    }
    return all;
  }
}
