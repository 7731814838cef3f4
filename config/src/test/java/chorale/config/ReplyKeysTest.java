package chorale.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.CapturedLog;
import chorale.protocol.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReplyKeysTest {
  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("reply-keys");
  }

  private Path file(String text) throws IOException {
    return Files.writeString(file(), text);
  }

  private static String base64(int fill) {
    byte[] bytes = new byte[SigningKey.BYTES];
    Arrays.fill(bytes, (byte) fill);
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static SigningKey key(int fill) {
    return SigningKey.parse(base64(fill));
  }

  private String refusal() {
    return assertThrows(SettingsException.class, () -> ReplyKeys.read(file())).getMessage();
  }

  @Test
  void read_linesOfNamesAndKeys_returnsTheKeys() throws Exception {
    file("# the site\n\npi1 " + base64(1) + "\n  pi2\t" + base64(2) + "  \n");
    assertEquals(Map.of("pi1", key(1), "pi2", key(2)), ReplyKeys.read(file()).byWorker());
  }

  @Test
  void read_badLine_namesFileAndLineAndShowsNoKey() throws Exception {
    String good = "pi1 " + base64(1) + "\n";
    String secret = base64(2).substring(4);
    for (String bad :
        List.of(
            "pi2",
            "pi2 " + secret,
            "pi2 " + base64(2) + " more",
            "p/2 " + base64(2),
            base64(2) + " pi2")) {
      file(good + bad + "\n");
      String message = refusal();
      assertTrue(message.startsWith(file() + ":2: "), message);
      assertFalse(message.contains(secret), message);
    }
    file(good + good);
    assertEquals(file() + ":2: worker 'pi1' is already on line 1; remove one of them", refusal());
    file("# nobody\n");
    assertEquals(
        file() + ": contains no keys; expected: lines of a worker's name and its key", refusal());
  }

  @Test
  void read_noFile_namesIt() {
    assertTrue(refusal().startsWith(file() + ": cannot be read ("), refusal());
  }

  @Test
  void refresh_changedFile_givesItsKeys() throws Exception {
    ReplyKeys keys = ReplyKeys.read(file("pi1 " + base64(1)));
    assertFalse(keys.refresh());
    file("pi1 " + base64(2) + "\npi2 " + base64(3));
    assertFalse(keys.refresh(), "the file may be half written");
    assertTrue(keys.refresh());
    assertEquals(Map.of("pi1", key(2), "pi2", key(3)), keys.byWorker());
    file("# the same\npi1 " + base64(2) + "\npi2 " + base64(3));
    assertFalse(keys.refresh());
    assertFalse(keys.refresh());
  }

  @Test
  void refresh_invalidFile_keepsThePreviousKeysAndWarnsOnce() throws Exception {
    ReplyKeys keys = ReplyKeys.read(file("pi1 " + base64(1)));
    try (CapturedLog log = new CapturedLog(ReplyKeys.class)) {
      file("pi1 nonsense\n");
      assertFalse(keys.refresh());
      assertFalse(keys.refresh());
      assertFalse(keys.refresh());
      assertEquals(
          List.of(
              file()
                  + ":1: not a key; allowed: 32 bytes in base64, as 'openssl rand -base64 32' makes"
                  + " them; the previous keys stay in use"),
          log.lines());
      Files.delete(file());
      assertFalse(keys.refresh());
      assertFalse(keys.refresh());
      assertEquals(2, log.lines().size());
      assertEquals(Map.of("pi1", key(1)), keys.byWorker());

      file("pi1 " + base64(4));
      assertFalse(keys.refresh());
      assertTrue(keys.refresh());
      assertEquals(Map.of("pi1", key(4)), keys.byWorker());
      assertEquals(2, log.lines().size());
    }
  }

  @Test
  void keyFile_oneKey_isRead() throws Exception {
    assertEquals(key(7), KeyFile.read(file(base64(7) + "\n")));
    String message =
        assertThrows(SettingsException.class, () -> KeyFile.read(file("hush"))).getMessage();
    assertTrue(message.startsWith(file() + ": not a key; allowed: 32 bytes in base64"), message);
    assertFalse(message.contains("hush"), message);
    Path absent = folder.resolve("absent");
    assertTrue(
        assertThrows(SettingsException.class, () -> KeyFile.read(absent))
            .getMessage()
            .startsWith(absent + ": cannot be read ("));
  }
}
