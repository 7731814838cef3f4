package chorale.protocol.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Bytes;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashTest {
  /** Created with mosquitto_passwd 2.0.11, and with Python's hashlib and 20,000 iterations. */
  private static final Map<String, String> VECTORS =
      Map.of(
          "correct horse",
          "$7$101$Ejvmyrse0qTtZ9L1$5gkAcj6UrnR+iEMyZblI3P6ISHA3UCJD8rq4PWd8C0ozbv91BzHRF/m0FVzgHav6"
              + "KSwHW8gk7jvGPIlPwec8iA==",
          "a",
          "$7$101$c8F7VMMGgF2FQeXf$w0I6fq9yp5lsxbsevRUWLEjOYGrBawn/E/QU99X5dL+E8JS3LuGNer2+XnJ3pD6X"
              + "urvtl7VWGQNdaF/zqoGkGQ==",
          "pässwörd ✓",
          "$7$101$8egLCpvysJ4+Ite0$UXKZKqXM6IQgMckNZQEmfhJUmcu+sC2k1QZYzyrxZI5p+xZslykF/+DnH/eK2EdH"
              + "jFfO+dU3EkejqyCJLvsR9w==",
          "x".repeat(200),
          "$7$101$b2F4DqQbpfbo6MaP$+HE1zXfKyJLe/dDcjQeYX2WA/PCxfuqDhoNmvTkdswIH1TJIW8bkJxnlAiZw8BaA"
              + "9zeNbSGswKZTL/N1Ma89OQ==",
          "slow",
          "$7$20000$MDEyMzQ1Njc4OWFi$/GKUEgtwn/I+ap0dl5BmdFQ5J3u/HhOFpZSRz0Jcbw22z2dQ/+IYIrtmMYlG"
              + "BcFjDBLwN1ESxIeSjR8HlhpXXA==");

  @Test
  void matches_hashesOfMosquitto_acceptOnlyTheirPasswords() {
    VECTORS.forEach(
        (password, text) -> {
          PasswordHash hash = PasswordHash.parse(text);
          assertTrue(hash.matches(Bytes.utf8(password)), password);
          for (String other : List.of("", password + " ", password.toUpperCase(Locale.ROOT), "b")) {
            assertFalse(hash.matches(Bytes.utf8(other)), other);
          }
          assertEquals(text, hash.text());
        });
  }

  @Test
  void of_samePasswordTwice_hasDifferentSalts() {
    SecureRandom random = new SecureRandom();
    PasswordHash one = PasswordHash.of(Bytes.utf8("pw"), 7, random);
    PasswordHash two = PasswordHash.of(Bytes.utf8("pw"), 7, random);
    assertNotEquals(one.text(), two.text());
    assertTrue(one.text().startsWith("$7$7$"), one::text);
    assertTrue(PasswordHash.parse(one.text()).matches(Bytes.utf8("pw")));
    assertFalse(one.toString().contains(Base64.getEncoder().encodeToString(one.hash().toArray())));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "secret",
        "$6$Ejvmyrse0qTtZ9L1$5gkAcj6UrnR+iEMyZblI3P6ISHA3UCJD8rq4PWd8C0ozbv91BzHRF/m0FVzgHav6KSwHW8gk7jvGPIlPwec8iA==",
        "$7$0$Ejvmyrse0qTtZ9L1$5gkAcj6UrnR+iEMyZblI3P6ISHA3UCJD8rq4PWd8C0ozbv91BzHRF/m0FVzgHav6KSwHW8gk7jvGPIlPwec8iA==",
        "$7$99999999$Ejvmyrse0qTtZ9L1$5gkAcj6UrnR+iEMyZblI3P6ISHA3UCJD8rq4PWd8C0ozbv91BzHRF/m0FVzgHav6KSwHW8gk7jvGPIlPwec8iA==",
        "$7$101$====$5gkAcj6UrnR+iEMyZblI3P6ISHA3UCJD8rq4PWd8C0ozbv91BzHRF/m0FVzgHav6KSwHW8gk7jvGPIlPwec8iA==",
        "$7$101$Ejvmyrse0qTtZ9L1$5gkAcj6UrnR+iEMyZblI3P6ISHA3UCJD8rq4PWd8",
        "$7$101$Ejvmyrse0qTtZ9L1",
      })
  void parse_somethingElse_isRefusedWithoutShowingIt(String text) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> PasswordHash.parse(text)).getMessage();
    assertTrue(message.contains("'chorale passwd' makes one"), message);
    assertFalse(text.length() > 0 && message.contains(text), message);
  }
}
