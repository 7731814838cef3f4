package chorale.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AskCodecTest {
  private static final String GOLDEN = "01" + "0123456789abcdef" + "fedcba9876543210" + "000002bc";
  private static final Ask ASK =
      new Ask(new RequestKey(0x0123456789abcdefL, 0xfedcba9876543210L), 700);

  @Test
  void encode_ask_givesTheGoldenBytes() throws MalformedException {
    assertEquals(GOLDEN, AskCodec.encode(ASK).hex());
    assertEquals(ASK, AskCodec.decode(AskCodec.encode(ASK)));
  }

  /** Another schema, too short, too long, no time left, more than the maximum budget. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void decode_anythingElse_isMalformed(int which) {
    byte[] golden = AskCodec.encode(ASK).toArray();
    byte[] wrong =
        java.util.Arrays.copyOf(golden, golden.length + (which == 1 ? -1 : which / 2 % 2));
    if (which == 0) {
      wrong[0] = 2;
    } else if (which == 3) {
      wrong = golden;
      wrong[19] = 0;
      wrong[20] = 0;
    } else if (which == 4) {
      wrong[18] = 1;
    }
    Bytes payload = Bytes.wrap(wrong);
    assertThrows(MalformedException.class, () -> AskCodec.decode(payload));
  }

  @Test
  void topic_isReadAsItIsBuilt() {
    Topics topics = new Topics("home");

    assertEquals("chorale/home/camera/gate/ask/2", topics.ask("gate", 2));
    assertEquals(new Address.Ask("gate", 2), topics.parse(topics.ask("gate", 2)));
    for (String other : new String[] {"1", "5", "02", "x", ""}) {
      assertEquals(
          new Address.Other(), topics.parse("chorale/home/camera/gate/ask/" + other), other);
    }
  }
}
