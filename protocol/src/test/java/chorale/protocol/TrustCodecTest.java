package chorale.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chorale.protocol.Trust.State;
import chorale.protocol.TrustCodec.Notice;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustCodecTest {
  private static final Trust TRUST =
      new Trust(
          "pi-1",
          State.QUARANTINED,
          "aggregator main",
          "its votes differ",
          Instant.parse("2026-11-30T10:00:00Z"),
          3);
  private static final String JSON =
      "{\"schema\":1,\"state\":\"quarantined\",\"by\":\"aggregator main\","
          + "\"reason\":\"its votes differ\",\"since\":\"2026-11-30T10:00:00Z\",\"right_checks\":3}";

  private final TrustCodec codec = new TrustCodec();

  @Test
  void trust_encodedAndDecoded_isTheGoldenJson() throws MalformedException {
    assertEquals(JSON, codec.encode(TRUST).utf8());
    assertEquals(TRUST, codec.decodeTrust("pi-1", Bytes.utf8(JSON)));
  }

  @Test
  void notice_encodedAndDecoded_isTheGoldenJson() throws MalformedException {
    Notice notice = new Notice(new RequestKey(1, 2), new RequestKey(3, -1));
    String json =
        "{\"schema\":1,\"key\":\"00000000000000010000000000000002\","
            + "\"of\":\"0000000000000003ffffffffffffffff\"}";
    assertEquals(json, codec.encode(notice).utf8());
    assertEquals(notice, codec.decodeNotice(Bytes.utf8(json)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "quarantined          | jailed    | unknown state 'jailed'",
        "\"right_checks\":3   | \"right_checks\":11 | right checks: 11 (allowed: 0 to 10)",
        "2026-11-30T10:00:00Z | yesterday | Text 'yesterday' could not be parsed at index 0",
        "\"by\"               | \"bye\"   | no text field 'by'",
        "\"schema\":1         | \"schema\":2 | schema 2, known: 1",
      })
  void decodeTrust_invalidField_isMalformedAndNamesIt(String right, String wrong, String message) {
    Bytes payload = Bytes.utf8(JSON.replace(right, wrong));
    var error = assertThrows(MalformedException.class, () -> codec.decodeTrust("pi-1", payload));
    assertEquals(message, error.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"its votes differ, reason", "aggregator main, by"})
  void decodeTrust_longText_isMalformedAndNamesIt(String right, String field) {
    Bytes payload = Bytes.utf8(JSON.replace(right, "x".repeat(201)));
    var error = assertThrows(MalformedException.class, () -> codec.decodeTrust("pi-1", payload));
    assertEquals(field + ": 201 characters (allowed: up to 200)", error.getMessage());
  }
}
