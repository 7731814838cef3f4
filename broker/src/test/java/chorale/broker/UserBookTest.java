package chorale.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.config.SettingsException;
import chorale.protocol.CapturedLog;
import chorale.protocol.access.UserEntry;
import chorale.protocol.access.UserRole;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserBookTest {
  private final UserEntry gate = BrokerUsers.user("gate", UserRole.CAMERA, "g");
  private final UserEntry wall = BrokerUsers.user("wall", UserRole.DASHBOARD, "w");

  @TempDir private Path folder;

  private String refusal(Path file) {
    return assertThrows(SettingsException.class, () -> new UserBook(file)).getMessage();
  }

  @Test
  void open_passwordOfAnExample_isRefusedWithNameAndRemedy() {
    for (String example : new String[] {"change-me", "change-me-hub"}) {
      Path file =
          BrokerUsers.write(
              folder.resolve("users"), gate, BrokerUsers.user("hub", UserRole.AGGREGATOR, example));
      String message = refusal(file);
      assertTrue(
          message.startsWith(file + ": user 'hub' has the password '" + example + "'"), message);
      assertTrue(message.endsWith("change it with 'chorale passwd " + file + " hub'"), message);
    }
  }

  @Test
  void open_noUser_namesTheCommandThatAddsOne() throws Exception {
    String message = refusal(Files.writeString(folder.resolve("users"), "# nobody\n"));
    assertTrue(
        message.contains("contains no user; add one with 'chorale passwd FILE NAME --role ROLE'"),
        message);
  }

  @Test
  void open_clearPassword_isRefusedAndNotShown() throws Exception {
    String message =
        refusal(Files.writeString(folder.resolve("users"), "gate:camera:home:geheim\n"));
    assertTrue(message.contains("users:1: expected a password hash"), message);
    assertTrue(message.contains("'chorale passwd' makes one"), message);
    assertFalse(message.contains("geheim"), message);
  }

  @Test
  void refresh_changedFile_isReadWhenWritingHasEnded() throws Exception {
    Path file = BrokerUsers.write(folder.resolve("users"), gate);
    UserBook book = new UserBook(file);
    assertEquals(Optional.empty(), book.find("wall"));

    BrokerUsers.write(file, gate, wall);
    book.refresh();
    assertEquals(Optional.empty(), book.find("wall"), "the file may still be being written");
    book.refresh();

    assertEquals(Optional.of(wall), book.find("wall"));
    assertTrue(book.isCurrent(gate));
    assertFalse(book.isCurrent(BrokerUsers.user("gate", UserRole.CAMERA, "g")), "another salt");
  }

  @Test
  void refresh_invalidFile_keepsTheUsersAndIsReportedOnce() throws Exception {
    Path file = BrokerUsers.write(folder.resolve("users"), gate);
    UserBook book = new UserBook(file);
    try (CapturedLog log = new CapturedLog(EmbeddedBroker.class)) {
      Files.writeString(file, gate.line() + "\nwall:king:home:x\n");
      for (int i = 0; i < 5; i++) {
        book.refresh();
      }
      assertEquals(1, log.count(file + ":2: role: 'king'"), log.lines()::toString);
      assertTrue(book.isCurrent(gate));

      Files.delete(file);
      book.refresh();
      book.refresh();
      assertEquals(1, log.count("cannot be read"), log.lines()::toString);
      assertTrue(book.isCurrent(gate));
    }
  }
}
