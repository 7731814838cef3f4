package chorale.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Bytes;
import chorale.protocol.access.Identity;
import chorale.protocol.access.PasswordHash;
import chorale.protocol.access.UserEntry;
import chorale.protocol.access.UserRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UsersFileTest {
  private static final PasswordHash HASH = PasswordHash.of(Bytes.utf8("pw"), 1, new SecureRandom());

  @TempDir private Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("users"), text);
  }

  private String refusal(Path file) {
    return assertThrows(SettingsException.class, () -> UsersFile.read(file)).getMessage();
  }

  @Test
  void read_usersAndComments_returnsTheUsers() throws Exception {
    UserEntry gate = new UserEntry(new Identity("gate", UserRole.CAMERA, "home"), HASH);
    UserEntry wall = new UserEntry(new Identity("wall", UserRole.DASHBOARD, "home", true), HASH);
    Path file = file("# the house\n\n" + gate.line() + "\n  " + wall.line() + "  \n");
    assertEquals(List.of(gate, wall), UsersFile.read(file));
  }

  @Test
  void read_wrongLine_namesFileAndLine() throws IOException {
    Path file = file("# the house\ngate:camera:home:secret\n");
    String message = refusal(file);
    assertTrue(message.startsWith(file + ":2: expected a password hash"), message);
  }

  @Test
  void read_userTwice_namesBothLines() throws IOException {
    String line = new UserEntry(new Identity("gate", UserRole.CAMERA, "home"), HASH).line();
    String message = refusal(file(line + "\n" + line + "\n"));
    assertTrue(
        message.endsWith("users:2: user 'gate' is already on line 1; remove one of them"), message);
  }

  @Test
  void read_noFile_namesIt() {
    String message = refusal(folder.resolve("absent"));
    assertTrue(message.startsWith(folder.resolve("absent") + ": cannot be read ("), message);
  }
}
