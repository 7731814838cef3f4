package chorale.protocol.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RightsTest {
  @ParameterizedTest
  @CsvSource({
    "a/b, a/b, true",
    "a/b, a/c, false",
    "a/b, a, false",
    "a/b, a/b/c, false",
    "a/+, a/b, true",
    "a/+, a/+, true",
    "a/+, a/#, false",
    "a/+, a/, true",
    "a/#, a/b/c, true",
    "a/#, a/+/c, true",
    "a/#, a/#, true",
    "a/#, a, true",
    "#, #, true",
    "#, a, true",
    "a/b, +/b, false",
    "a/+/c, a/#, false",
  })
  void covers_filterAndTopic_isTrueIfItMatchesAll(String wide, String narrow, boolean covers) {
    assertEquals(covers, Rights.covers(wide, narrow));
  }
}
