package chorale.publisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Bytes;
import chorale.protocol.Limits;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageListingTest {
  @TempDir Path folder;

  @Test
  void of_folderPerClass_labelsByFolderInOrderOfNames() throws Exception {
    write("dog/2.jpg", "cat/1.JPEG", "cat/0.png", "dog/notes.txt", "cat/.hidden.jpg");

    try (ImageListing listing = ImageListing.of(List.of(folder))) {
      assertEquals(
          List.of("cat/0.png cat", "cat/1.JPEG cat", "dog/2.jpg dog"), described(listing.all()));
      assertEquals(List.of("cat", "dog"), List.copyOf(listing.labels()));
      assertEquals(
          Optional.of("left out: 2 files that are not .jpg, .jpeg or .png (.txt 1, hidden 1)"),
          listing.leftOut());
    }
  }

  @Test
  void of_singleSubfolder_isNoLabel() throws Exception {
    write("snapshots/2.jpg", "1.jpg");

    try (ImageListing listing = ImageListing.of(List.of(folder))) {
      assertEquals(List.of("1.jpg -", "snapshots/2.jpg -"), described(listing.all()));
    }
  }

  @Test
  void of_imageBesideClassFolders_hasNoLabel() throws Exception {
    write("a/1.jpg", "b/1.jpg", "c.jpg");

    try (ImageListing listing = ImageListing.of(List.of(folder))) {
      assertEquals(List.of("a/1.jpg a", "b/1.jpg b", "c.jpg -"), described(listing.all()));
    }
  }

  @Test
  void of_zip_readsEntriesAndLabelsUnchanged() throws Exception {
    Path zip =
        zip("test/dog/0002.jpg", "test/cat/0001.jpg", "README", "__MACOSX/test/cat/0001.jpg");

    try (ImageListing listing = ImageListing.of(List.of(zip))) {
      assertEquals(
          List.of("test/cat/0001.jpg cat", "test/dog/0002.jpg dog"), described(listing.all()));
      assertEquals(
          Optional.of("left out: 1 file that is not .jpg, .jpeg or .png (without ending 1)"),
          listing.leftOut());
      ImageSource.Next.Ready first =
          assertInstanceOf(ImageSource.Next.Ready.class, listing.all().next());
      assertEquals(Bytes.utf8("test/cat/0001.jpg"), first.image().content());
    }
  }

  @Test
  void of_filesAndFolders_keepsTheOrderOfThePaths() throws Exception {
    write("z/1.jpg", "a.jpg");

    try (ImageListing listing =
        ImageListing.of(List.of(folder.resolve("z"), folder.resolve("a.jpg")))) {
      assertEquals(List.of("1.jpg -", "a.jpg -"), described(listing.all()));
      assertEquals(2, listing.size());
    }
  }

  @Test
  void of_missingPath_namesItAndWhatIsAllowed() {
    Path path = folder.resolve("nowhere");

    SourceException error =
        assertThrows(SourceException.class, () -> ImageListing.of(List.of(path)));

    assertEquals(
        path
            + ": not found (allowed: files that end in .jpg, .jpeg or .png, folders and zip files"
            + " of them)",
        error.getMessage());
  }

  @Test
  void of_pathWithoutImages_namesIt() throws Exception {
    write("notes.txt");

    for (Path path : List.of(folder, folder.resolve("notes.txt"), zip("README"))) {
      SourceException error =
          assertThrows(SourceException.class, () -> ImageListing.of(List.of(path)));
      assertTrue(
          error.getMessage().startsWith(path + ": no image found (allowed: "), error::getMessage);
    }
  }

  @Test
  void of_brokenZip_namesIt() throws Exception {
    Path zip = folder.resolve("broken.zip");
    Files.writeString(zip, "not a zip");

    SourceException error =
        assertThrows(SourceException.class, () -> ImageListing.of(List.of(zip)));

    assertTrue(error.getMessage().startsWith(zip + ": cannot be read: "), error::getMessage);
  }

  @Test
  void next_emptyHugeOrVanishedImage_isSkippedWithReason() throws Exception {
    Files.write(folder.resolve("empty.jpg"), new byte[0]);
    Files.write(folder.resolve("huge.jpg"), new byte[Limits.MAX_IMAGE_BYTES + 1]);
    Files.write(folder.resolve("largest.jpg"), new byte[Limits.MAX_IMAGE_BYTES]);
    write("vanishes.jpg");

    try (ImageListing listing = ImageListing.of(List.of(folder))) {
      Files.delete(folder.resolve("vanishes.jpg"));
      ImageSource source = listing.all();
      assertEquals(new ImageSource.Next.Skipped("empty.jpg", "empty"), source.next());
      assertEquals(
          new ImageSource.Next.Skipped(
              "huge.jpg", "larger than 4 MiB ('publish' and 'demo' can reduce it: --right-size)"),
          source.next());
      assertInstanceOf(ImageSource.Next.Ready.class, source.next());
      assertInstanceOf(ImageSource.Next.Skipped.class, source.next());
      assertInstanceOf(ImageSource.Next.Ended.class, source.next());
      assertInstanceOf(ImageSource.Next.Ended.class, source.next());
    }
  }

  @Test
  void of_largerLimit_readsImagesThatRightSizingShrinks() throws Exception {
    Files.write(folder.resolve("huge.jpg"), new byte[Limits.MAX_IMAGE_BYTES + 1]);

    try (ImageListing listing = ImageListing.of(List.of(folder), RightSize.MAX_FILE_BYTES)) {
      assertInstanceOf(ImageSource.Next.Ready.class, listing.all().next());
    }
  }

  @Test
  void of_linkLoopAndLinkedFolder_areReportedAndTheRestIsTaken() throws Exception {
    write("a/1.jpg", "b/2.jpg", "b/3.webp", "b/4.heic");
    Files.createSymbolicLink(folder.resolve("a/loop.jpg"), Path.of("loop.jpg"));
    Files.createSymbolicLink(folder.resolve("a/gone.jpg"), Path.of("nowhere.jpg"));
    Files.createSymbolicLink(folder.resolve("a/up"), folder);
    Files.createSymbolicLink(folder.resolve("b/same.jpg"), folder.resolve("a/1.jpg"));

    try (ImageListing listing = ImageListing.of(List.of(folder))) {
      ImageSource source = listing.all();
      assertEquals(
          List.of("a/gone.jpg", "a/loop.jpg"),
          List.of(skipped(source.next()).name(), skipped(source.next()).name()));
      assertEquals(List.of("a/1.jpg a", "b/2.jpg b", "b/same.jpg b"), described(source));
      assertEquals(
          Optional.of(
              "left out: 2 files that are not .jpg, .jpeg or .png (.heic 1, .webp 1), 1 linked"
                  + " folder (a/up)"),
          source.leftOut());
      assertEquals(3, described(listing.all()).size(), "reported once, not by every source");
    }
  }

  @Test
  void of_severalPathsOneNoImage_ignoresIt() throws Exception {
    write("a.jpg", "b.webp");

    try (ImageListing listing =
        ImageListing.of(List.of(folder.resolve("a.jpg"), folder.resolve("b.webp")))) {
      assertEquals(List.of("a.jpg -"), described(listing.all()));
      assertTrue(listing.leftOut().orElseThrow().contains("(.webp 1)"));
    }
  }

  @Test
  void sample_sameSeed_drawsTheSame() throws Exception {
    try (ImageListing listing = ImageListing.of(List.of(unevenZip()))) {
      assertEquals(described(listing.sample(12, 1)), described(listing.sample(12, 1)));
      assertNotEquals(described(listing.sample(12, 1)), described(listing.sample(12, 2)));
    }
  }

  @Test
  void sample_unevenClasses_takesEachEquallyOftenUntilItRunsOut() throws Exception {
    try (ImageListing listing = ImageListing.of(List.of(unevenZip()))) {
      List<String> drawn = described(listing.sample(9, 7));
      assertEquals(3, count(drawn, "a"));
      assertEquals(3, count(drawn, "b"));
      assertEquals(3, count(drawn, "c"));

      drawn = described(listing.sample(12, 7));
      assertEquals(12, drawn.stream().distinct().count());
      assertEquals(3, count(drawn, "c"));
    }
  }

  @Test
  void sample_moreThanAvailable_dealsThemAgain() throws Exception {
    write("1.jpg", "2.jpg", "3.jpg");

    try (ImageListing listing = ImageListing.of(List.of(folder))) {
      List<String> drawn = described(listing.sample(7, 1));
      assertEquals(7, drawn.size());
      assertEquals(3, drawn.subList(0, 3).stream().distinct().count());
      assertEquals(3, drawn.subList(3, 6).stream().distinct().count());
      assertEquals(7, listing.sample(7, 1).total().getAsInt());
    }
  }

  private void write(String... names) throws IOException {
    for (String name : names) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, name);
    }
  }

  private Path zip(String... names) throws IOException {
    Path zip = Files.createTempFile(folder, "images", ".zip");
    try (OutputStream out = Files.newOutputStream(zip);
        ZipOutputStream entries = new ZipOutputStream(out)) {
      for (String name : names) {
        entries.putNextEntry(new ZipEntry(name));
        entries.write(Bytes.utf8(name).toArray());
      }
    }
    return zip;
  }

  /** Creates 9 images of class a, 5 of class b, 3 of class c. */
  private Path unevenZip() throws IOException {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      names.add("a/" + i + ".jpg");
      if (i < 5) {
        names.add("b/" + i + ".jpg");
      }
      if (i < 3) {
        names.add("c/" + i + ".jpg");
      }
    }
    return zip(names.toArray(String[]::new));
  }

  private static ImageSource.Next.Skipped skipped(ImageSource.Next next) {
    return assertInstanceOf(ImageSource.Next.Skipped.class, next);
  }

  private static long count(List<String> drawn, String label) {
    return drawn.stream().filter(each -> each.endsWith(" " + label)).count();
  }

  private static List<String> described(ImageSource source) {
    List<String> all = new ArrayList<>();
    while (source.next() instanceof ImageSource.Next.Ready ready) {
      Optional<String> label = ready.image().label();
      all.add(ready.image().name() + " " + label.orElse("-"));
    }
    return all;
  }
}
