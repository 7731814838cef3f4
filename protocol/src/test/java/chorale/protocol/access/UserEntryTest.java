package chorale.protocol.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Bytes;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserEntryTest {
  private static final String HASH =
      PasswordHash.of(Bytes.utf8("pw"), 1, new SecureRandom()).text();

  @ParameterizedTest
  @CsvSource({"worker", "aggregator", "camera", "dashboard", "dashboard+frames", "operator"})
  void parse_line_isReadAsWritten(String role) {
    String line = "gate:" + role + ":home:" + HASH;
    UserEntry entry = UserEntry.parse(line);
    assertEquals("gate", entry.identity().name());
    assertEquals("home", entry.identity().site());
    assertEquals(role.endsWith("+frames"), entry.identity().frames());
    assertEquals(role, entry.role());
    assertEquals(line, entry.line());
  }

  @ParameterizedTest
  @CsvSource({
    "gate, expected name:role:site:password-hash",
    "gate:camera:home, expected name:role:site:password-hash",
    "gate:camera:home:secret, expected a password hash",
    "gate:king:home:@, role: 'king'; allowed: worker",
    "gate:camera+frames:home:@, frames are for dashboards",
    "a/b:camera:home:@, 'a/b' is not a valid name",
    "gate:camera:#:@, '#' is not a valid name",
  })
  void parse_wrongLine_saysWhatIsWrong(String line, String expected) {
    String text = line.replace("@", HASH);
    String message =
        assertThrows(IllegalArgumentException.class, () -> UserEntry.parse(text)).getMessage();
    assertTrue(message.contains(expected), message);
    assertFalse(message.contains("secret") || message.contains(HASH), message);
  }

  @Test
  void toString_ofAnEntry_showsNoHash() {
    assertFalse(UserEntry.parse("gate:camera:home:" + HASH).toString().contains(HASH));
  }
}
