package chorale.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginsTest {
  @ParameterizedTest
  @CsvSource({
    // Programs that are not browsers.
    ", broker:8000, false, true",
    ", , false, true",
    // Pages of this machine.
    "http://localhost:3000, 127.0.0.1:8000, false, true",
    "http://127.0.0.1, localhost:8000, false, true",
    "https://[::1]:8443, localhost:8000, false, true",
    "http://LOCALHOST, localhost:8000, false, true",
    // Other pages.
    "https://evil.example, 127.0.0.1:8000, false, false",
    "https://localhost.evil.example, 127.0.0.1:8000, true, false",
    "https://127.0.0.1.evil.example, 127.0.0.1:8000, true, false",
    "null, 127.0.0.1:8000, true, false",
    "file://, 127.0.0.1:8000, true, false",
    "garbage, 127.0.0.1:8000, true, false",
    // The broker's own host if clients log in; otherwise DNS rebinding is possible.
    "http://broker.local, broker.local:8000, true, true",
    "http://192.168.1.10:80, 192.168.1.10:8000, true, true",
    "http://evil.example, evil.example:8000, false, false",
    "http://other.local, broker.local:8000, true, false",
    // Configured.
    "https://panel.example.org, 127.0.0.1:8000, false, true",
    "https://Panel.Example.org, 127.0.0.1:8000, false, true",
    "http://panel.example.org, 127.0.0.1:8000, false, false",
    "https://panel.example.org:8443, 127.0.0.1:8000, false, false",
  })
  void allow_originAndHost_isDecided(String origin, String host, boolean logins, boolean allowed) {
    Origins origins = new Origins(List.of("https://panel.example.org/"), logins);
    assertEquals(allowed, origins.allow(Optional.ofNullable(origin), Optional.ofNullable(host)));
  }

  @ParameterizedTest
  @CsvSource({"*, https://evil.example", "null, null"})
  void allow_wildcardAndNull_asConfigured(String configured, String origin) {
    Origins origins = new Origins(List.of(configured), false);
    assertEquals(true, origins.allow(Optional.of(origin), Optional.of("127.0.0.1:8000")));
  }
}
