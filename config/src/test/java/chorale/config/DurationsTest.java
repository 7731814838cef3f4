package chorale.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DurationsTest {
  @Test
  void parse_everyUnit_isParsed() {
    assertEquals(Optional.of(Duration.ofNanos(250_000)), Durations.parse("250us"));
    assertEquals(Optional.of(Duration.ofMillis(40)), Durations.parse("40ms"));
    assertEquals(Optional.of(Duration.ofMillis(1500)), Durations.parse("1.5s"));
    assertEquals(Optional.of(Duration.ofMinutes(2)), Durations.parse(" 2 m "));
    assertEquals(Optional.of(Duration.ofHours(1)), Durations.parse("1h"));
    assertEquals(Optional.of(Duration.ZERO), Durations.parse("0"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "40", "ms", "-1s", "1d", "1e3s", "1 000ms", "9999999999s"})
  void parse_anythingElse_isEmpty(String text) {
    assertEquals(Optional.empty(), Durations.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0s", "250us", "40ms", "1500ms", "90s", "1m", "90m", "24h"})
  void format_parsedText_isTheSameText(String text) {
    assertEquals(text, Durations.format(Durations.parse(text).orElseThrow()));
  }
}
