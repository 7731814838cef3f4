package chorale.publisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.publisher.ImageSource.Next;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowedFolderTest {
  private static final Duration EVERY = Duration.ofMillis(200);

  @TempDir Path folder;
  private long nanos = Long.MAX_VALUE - 5;

  @Test
  void next_fileThereBefore_isNotTaken() throws Exception {
    Files.writeString(folder.resolve("old.jpg"), "old");
    FollowedFolder source = open();

    look(source);
    assertInstanceOf(Next.Waiting.class, look(source));
  }

  @Test
  void next_newFile_isTakenOnceWhenItStopsGrowing() throws Exception {
    FollowedFolder source = open();
    Path file = folder.resolve("new.jpg");
    Files.writeString(file, "half");
    assertInstanceOf(Next.Waiting.class, look(source));
    Files.writeString(file, "the whole");
    assertInstanceOf(Next.Waiting.class, look(source));

    Next.Ready ready = assertInstanceOf(Next.Ready.class, look(source));

    assertEquals("new.jpg", ready.image().name());
    assertEquals("the whole", ready.image().content().utf8());
    assertInstanceOf(Next.Waiting.class, look(source));
    assertInstanceOf(Next.Waiting.class, look(source));
  }

  @Test
  void next_fileWrittenAnew_isTakenAgain() throws Exception {
    Path file = folder.resolve("gate.jpg");
    Files.writeString(file, "before");
    FollowedFolder source = open();
    Files.writeString(file, "after!");
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));

    look(source);

    Next.Ready ready = assertInstanceOf(Next.Ready.class, look(source));
    assertEquals("after!", ready.image().content().utf8());
  }

  @Test
  void next_betweenLooks_saysHowLongToWait() throws Exception {
    FollowedFolder source = open();
    nanos += EVERY.toNanos() - 1;

    assertEquals(new Next.Waiting(1), source.next());
  }

  @Test
  void next_severalFiles_comeInOrderOfTheirNames() throws Exception {
    FollowedFolder source = open();
    Files.writeString(folder.resolve("b.jpg"), "b");
    Files.writeString(folder.resolve("a.png"), "a");
    Files.writeString(folder.resolve("c.part"), "c");
    look(source);

    assertEquals("a.png", assertInstanceOf(Next.Ready.class, look(source)).image().name());
    assertEquals("b.jpg", assertInstanceOf(Next.Ready.class, source.next()).image().name());
    assertInstanceOf(Next.Waiting.class, source.next());
  }

  @Test
  void next_folderGone_isToldOnceAndTakenUpAgain() throws Exception {
    Path gone = Files.createDirectory(folder.resolve("gone"));
    FollowedFolder source = new FollowedFolder(gone, EVERY, () -> nanos);
    Files.delete(gone);

    assertInstanceOf(Next.Skipped.class, look(source));
    assertInstanceOf(Next.Waiting.class, look(source));

    Files.createDirectory(gone);
    Files.writeString(gone.resolve("a.jpg"), "a");
    look(source);
    assertInstanceOf(Next.Ready.class, look(source));
  }

  @Test
  void first_afterThatMany_ends() throws Exception {
    ImageSource source = open().first(1);
    Files.writeString(folder.resolve("a.jpg"), "a");
    Files.writeString(folder.resolve("b.jpg"), "b");
    look(source);

    assertInstanceOf(Next.Ready.class, look(source));
    assertInstanceOf(Next.Ended.class, look(source));
    assertEquals(1, source.total().getAsInt());
  }

  @Test
  void new_fileInsteadOfFolder_isRefusedByName() throws Exception {
    Path file = Files.writeString(folder.resolve("a.jpg"), "a");

    SourceException error =
        assertThrows(SourceException.class, () -> new FollowedFolder(file, EVERY, () -> nanos));

    assertTrue(error.getMessage().startsWith(file + ": not a folder"), error::getMessage);
  }

  private FollowedFolder open() throws SourceException {
    return new FollowedFolder(folder, EVERY, () -> nanos);
  }

  private Next look(ImageSource source) {
    nanos += EVERY.toNanos();
    return source.next();
  }
}
