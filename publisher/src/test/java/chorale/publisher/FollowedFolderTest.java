package chorale.publisher;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.imaging.TestPictures;
import chorale.protocol.Bytes;
import chorale.protocol.Limits;
import chorale.publisher.ImageSource.Next;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowedFolderTest {
  private static final Duration EVERY = Duration.ofMillis(200);

  @TempDir Path folder;
  private long nanos = Long.MAX_VALUE - 5;

  @Test
  void next_fileThereBefore_isNotTaken() throws Exception {
    Files.writeString(folder.resolve("old.jpg"), whole("old"));
    FollowedFolder source = open();

    look(source);
    assertInstanceOf(Next.Waiting.class, look(source));
  }

  @Test
  void next_newFile_isTakenWhenItStopsGrowing() throws Exception {
    FollowedFolder source = open();
    Path file = folder.resolve("new.jpg");
    Files.writeString(file, whole("half"), ISO_8859_1);
    assertInstanceOf(Next.Waiting.class, look(source));
    Files.writeString(file, whole("the whole"), ISO_8859_1);
    assertInstanceOf(Next.Waiting.class, look(source));

    assertEquals("new.jpg the whole", taken(look(source)));
    assertInstanceOf(Next.Waiting.class, look(source));
    assertInstanceOf(Next.Waiting.class, look(source));
  }

  @Test
  void next_writerPausesForSeconds_waitsForTheEndMark() throws Exception {
    FollowedFolder source = open();
    Path jpeg = folder.resolve("a.jpg");
    Path png = folder.resolve("b.png");
    byte[] wholePng = TestPictures.encoded("png", RightSizeTest.gradient(8, 8)).toArray();
    Files.writeString(jpeg, whole("picture").substring(0, 8), ISO_8859_1);
    Files.write(png, Arrays.copyOf(wholePng, wholePng.length - 12));
    for (int seconds = 0; seconds < 4; seconds++) {
      nanos += Duration.ofSeconds(1).toNanos();
      assertInstanceOf(Next.Waiting.class, look(source), () -> "taken before its end mark");
    }

    Files.writeString(jpeg, whole("picture"), ISO_8859_1);
    Files.write(png, wholePng);

    assertEquals("a.jpg picture", taken(look(source)));
    assertEquals(
        Bytes.wrap(wholePng), assertInstanceOf(Next.Ready.class, source.next()).image().content());
  }

  @Test
  void next_withoutEndMark_isTakenAfterItsPatience() throws Exception {
    FollowedFolder source = open();
    Files.writeString(folder.resolve("a.jpg"), whole("picture").substring(0, 8), ISO_8859_1);
    Files.createFile(folder.resolve("b.jpg"));
    look(source);
    nanos += FollowedFolder.PATIENCE.toNanos() - EVERY.toNanos() - 1;
    assertInstanceOf(Next.Waiting.class, look(source));

    assertInstanceOf(Next.Ready.class, look(source));
    assertEquals(new Next.Skipped("b.jpg", "empty"), source.next());
    assertInstanceOf(Next.Waiting.class, look(source));
  }

  @Test
  void next_fileReplacedInEveryScan_isSampled() throws Exception {
    FollowedFolder source = open();
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      Path file = Files.writeString(folder.resolve("new.tmp"), whole("frame " + i), ISO_8859_1);
      Files.setLastModifiedTime(file, FileTime.fromMillis(1_000 + i));
      Files.move(file, folder.resolve("latest.jpg"), StandardCopyOption.REPLACE_EXISTING);
      if (look(source) instanceof Next.Ready ready) {
        all.add(ready.image().content().utf8());
      }
    }

    assertTrue(all.size() >= 3 && all.size() <= 5, () -> "about one per second: " + all);
  }

  @Test
  void next_subfoldersOldAndNew_areFollowed() throws Exception {
    Path old = Files.createDirectories(folder.resolve("2026/11/29"));
    Files.writeString(old.resolve("1.jpg"), whole("old"), ISO_8859_1);
    FollowedFolder source = open();
    Files.writeString(old.resolve("2.jpg"), whole("late"), ISO_8859_1);
    Path today = Files.createDirectories(folder.resolve("2026/11/30"));
    Files.writeString(today.resolve("1.jpg"), whole("new"), ISO_8859_1);
    look(source);

    assertEquals("2026/11/29/2.jpg late", taken(look(source)));
    assertEquals("2026/11/30/1.jpg new", taken(source.next()));
    assertInstanceOf(Next.Waiting.class, look(source));
  }

  @Test
  void next_linkLoops_areReportedOnceAndTheRestIsTaken() throws Exception {
    FollowedFolder source = open();
    Files.createSymbolicLink(folder.resolve("loop.jpg"), Path.of("loop.jpg"));
    Files.createSymbolicLink(folder.resolve("up"), folder);
    Files.writeString(folder.resolve("a.webp"), "w");
    Files.writeString(folder.resolve("z.jpg"), whole("z"), ISO_8859_1);

    assertEquals("loop.jpg", assertInstanceOf(Next.Skipped.class, look(source)).name());
    assertEquals("z.jpg z", taken(look(source)));
    assertInstanceOf(Next.Waiting.class, look(source));
    assertEquals(
        Optional.of(
            "left out: 1 file that is not .jpg, .jpeg or .png (.webp 1), 1 linked folder (up)"),
        source.leftOut());
  }

  @Test
  void next_fileRewritten_isTakenAgain() throws Exception {
    Path file = folder.resolve("gate.jpg");
    Files.writeString(file, whole("before"), ISO_8859_1);
    FollowedFolder source = open();
    Files.writeString(file, whole("after!"), ISO_8859_1);
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));

    look(source);

    assertEquals("gate.jpg after!", taken(look(source)));
  }

  @Test
  void next_betweenScans_returnsTheWait() throws Exception {
    FollowedFolder source = open();
    nanos += EVERY.toNanos() - 1;

    assertEquals(new Next.Waiting(1), source.next());
  }

  @Test
  void next_severalFiles_areInOrderOfTheirNames() throws Exception {
    FollowedFolder source = open();
    Files.writeString(folder.resolve("b.jpg"), whole("b"), ISO_8859_1);
    Files.writeString(folder.resolve("a.jpeg"), whole("a"), ISO_8859_1);
    Files.writeString(folder.resolve("c.part"), "c");
    look(source);

    assertEquals("a.jpeg", assertInstanceOf(Next.Ready.class, look(source)).image().name());
    assertEquals("b.jpg", assertInstanceOf(Next.Ready.class, source.next()).image().name());
    assertInstanceOf(Next.Waiting.class, source.next());
  }

  @Test
  void next_folderGone_isReportedOnceAndResumed() throws Exception {
    Path gone = Files.createDirectory(folder.resolve("gone"));
    FollowedFolder source = new FollowedFolder(gone, Limits.MAX_IMAGE_BYTES, EVERY, () -> nanos);
    Files.delete(gone);

    assertInstanceOf(Next.Skipped.class, look(source));
    assertInstanceOf(Next.Waiting.class, look(source));

    Files.createDirectory(gone);
    Files.writeString(gone.resolve("a.jpg"), whole("a"), ISO_8859_1);
    look(source);
    assertInstanceOf(Next.Ready.class, look(source));
  }

  @Test
  void first_afterThatMany_ends() throws Exception {
    ImageSource source = open().first(1);
    Files.writeString(folder.resolve("a.jpg"), whole("a"), ISO_8859_1);
    Files.writeString(folder.resolve("b.jpg"), whole("b"), ISO_8859_1);
    look(source);

    assertInstanceOf(Next.Ready.class, look(source));
    assertInstanceOf(Next.Ended.class, look(source));
    assertEquals(1, source.total().getAsInt());
  }

  @Test
  void new_fileInsteadOfFolder_isRefusedWithItsName() throws Exception {
    Path file = Files.writeString(folder.resolve("a.jpg"), whole("a"), ISO_8859_1);

    SourceException error =
        assertThrows(
            SourceException.class,
            () -> new FollowedFolder(file, Limits.MAX_IMAGE_BYTES, EVERY, () -> nanos));

    assertTrue(error.getMessage().startsWith(file + ": not a folder"), error::getMessage);
  }

  private FollowedFolder open() throws SourceException {
    return new FollowedFolder(folder, Limits.MAX_IMAGE_BYTES, EVERY, () -> nanos);
  }

  /** Returns a JPEG's start and end marks with text between them. */
  private static String whole(String text) {
    return "\u00FF\u00D8\u00FF\u00FE\0\2" + text + "\u00FF\u00D9";
  }

  private static String taken(Next next) {
    Image image = assertInstanceOf(Next.Ready.class, next).image();
    String content = new String(image.content().toArray(), ISO_8859_1);
    return image.name() + " " + content.substring(6, content.length() - 2);
  }

  private Next look(ImageSource source) {
    nanos += EVERY.toNanos();
    return source.next();
  }
}
