package chorale.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Reply.Author;
import chorale.protocol.Reply.Outcome;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

class ReplyCodecTest {
  private static final Author AUTHOR =
      new Author("V1", "pi-1", 7L, 0.35, 96, 10, 0x0102030405060708L, -2L);
  private static final RequestKey KEY = new RequestKey(1L, 2L);
  private static final Reply VOTE =
      new Reply(
          KEY,
          "gate",
          AUTHOR,
          new Outcome.TopK(List.of(new Ranked(3, 0.75), new Ranked(9, 0.125))),
          1500,
          20);
  private static final Reply ERROR =
      new Reply(KEY, "gate", AUTHOR, Failure.of(ReplyError.DAMAGED, "row 61 of 128"), 0, 20);

  /** Elements 1 to 10. */
  private static final String HEAD =
      "c41000000000000000010000000000000002a467617465a25631a470692d3107"
          + "cb3fd6666666666666600acf0102030405060708fe";

  private final ReplyCodec codec = new ReplyCodec();

  @Test
  void encode_vote_givesTheGoldenBytes() {
    assertEquals(
        "dc001002" + HEAD + "cd05dc14" + "9403ca3f40000009ca3e000000" + "80" + "c0",
        codec.encode(VOTE).hex());
  }

  @Test
  void encode_error_givesTheGoldenBytes() {
    assertEquals(
        "dc001002"
            + HEAD
            + "0014"
            + "a764616d61676564"
            + "81a664657461696cad726f77203631206f6620313238"
            + "c0",
        codec.encode(ERROR).hex());
  }

  @Test
  void encode_voteOfAGroup_givesTheGoldenBytes() throws MalformedException {
    Outcome.TopK topk = new Outcome.TopK(List.of(new Ranked(3, 0.75)), Optional.of(0.125));
    Reply vote = new Reply(KEY, "gate", AUTHOR, topk, 1500, 20);
    String golden =
        "dc001002" + HEAD + "cd05dc14" + "9203ca3f400000" + "81a56f74686572ca3e000000" + "c0";
    assertEquals(golden, codec.encode(vote).hex());
    assertEquals(vote, decode(golden));
  }

  @Test
  void decode_otherOutsideProbabilities_isMalformed() {
    for (String other : List.of("cabf800000", "ca40000000", "ca7fc00000", "a178")) {
      assertThrows(
          MalformedException.class,
          () ->
              decode(
                  "dc001002" + HEAD + "0014" + "9203ca3f400000" + "81a56f74686572" + other + "c0"));
    }
  }

  @Test
  void decode_schema1_hasNoOptionalFields() throws MalformedException {
    assertEquals(VOTE, decode("9f01" + HEAD + "cd05dc14" + "9403ca3f40000009ca3e000000" + "c0"));
    assertEquals(
        new Failure("bad_image", ""),
        decode("9f01" + HEAD + "0014" + "a96261645f696d616765" + "c0").outcome());
  }

  @Test
  void decode_anotherSchema_isMalformedAndNamesIt() {
    for (String start : List.of("dc001000", "dc001003", "9f02", "dc001001")) {
      assertThrows(MalformedException.class, () -> decode(start + HEAD + "0014" + "a178" + "c0"));
    }
  }

  @Test
  void decode_unknownOptionalFields_areSkipped() throws MalformedException {
    String fields =
        "83" + "a16e" + "93c0c281a16b05" + "a664657461696c" + "a26f6b" + "a17a" + "c403010203";
    assertEquals(
        new Failure("damaged", "ok"),
        decode("dc001002" + HEAD + "0014" + "a764616d61676564" + fields + "c0").outcome());
    assertEquals(
        VOTE,
        decode("dc001002" + HEAD + "cd05dc14" + "9403ca3f40000009ca3e000000" + fields + "c0"));
  }

  @Test
  void decode_errorCodeOfANewerVersion_isAnErrorWithThatCode() throws MalformedException {
    assertEquals(
        new Failure("blurred", ""),
        decode("dc001002" + HEAD + "0014" + "a7626c7572726564" + "80" + "c0").outcome());
    assertThrows(
        MalformedException.class, () -> decode("dc001002" + HEAD + "0014" + "a4620a6c72" + "80c0"));
  }

  @Test
  void decode_detailWithControlCharacters_isOneLineOf160Characters() throws MalformedException {
    String detail = "a\u001b[2Jb\n\u202ec" + "x".repeat(200);
    Reply reply = new Reply(KEY, "gate", AUTHOR, new Failure("damaged", detail), 0, 0);
    Failure failure = (Failure) codec.decode(codec.encode(reply)).outcome();
    assertTrue(failure.detail().startsWith("a?[2Jb??cxx"), failure.detail());
    assertEquals(160, failure.detail().length());
  }

  private Reply decode(String hex) throws MalformedException {
    return codec.decode(Bytes.wrap(HexFormat.of().parseHex(hex)));
  }

  @Test
  void decode_encodedReply_isEqual() throws MalformedException {
    assertEquals(VOTE, codec.decode(codec.encode(VOTE)));
    assertEquals(ERROR, codec.decode(codec.encode(ERROR)));
  }

  /**
   * The expected signature was computed with {@code openssl dgst -sha256 -mac HMAC -macopt
   * hexkey:000102..1f} and with Python's hmac over all bytes up to and including c410, cut to 16
   * bytes.
   */
  @Test
  void encode_signed_givesTheGoldenBytes() {
    assertEquals(
        "dc001002"
            + HEAD
            + "cd05dc14"
            + "9403ca3f40000009ca3e000000"
            + "80"
            + "c410"
            + "3f9db7a3c3865f9bc74630ec4c82ed5a",
        new ReplyCodec(SignerTest.KEY).encode(VOTE).hex());
  }

  @Test
  void receive_signed_verifiesOnlyWithItsAuthorsKey() throws MalformedException {
    ReplyCodec ours = new ReplyCodec(SignerTest.KEY);
    for (Reply reply : List.of(VOTE, ERROR)) {
      ReceivedReply received = codec.receive(ours.encode(reply));
      assertEquals(reply, received.reply());
      assertTrue(received.isSigned());
      assertTrue(received.isSignedBy(new Signer(SignerTest.KEY)));
      assertFalse(received.isSignedBy(new Signer(SignerTest.OTHER)));
    }
    ReceivedReply unsigned = ours.receive(codec.encode(VOTE));
    assertFalse(unsigned.isSigned());
    assertFalse(unsigned.isSignedBy(new Signer(SignerTest.KEY)));
  }

  /** Covers request key, camera, author, session, votes and the header of the signature. */
  @Test
  void receive_anyBitChanged_isMalformedOrDoesNotVerify() {
    Signer author = new Signer(SignerTest.KEY);
    byte[] whole = new ReplyCodec(SignerTest.KEY).encode(VOTE).toArray();
    for (int bit = 0; bit < 8 * whole.length; bit++) {
      byte[] changed = whole.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        assertFalse(codec.receive(Bytes.wrap(changed)).isSignedBy(author), "bit " + bit);
      } catch (MalformedException expected) {
        assertTrue(expected.getMessage() != null);
      }
    }
  }

  /** A longer MessagePack header for the same 16 bytes. */
  @Test
  void receive_signatureWithAnotherHeader_doesNotVerify() throws MalformedException {
    String signed = new ReplyCodec(SignerTest.KEY).encode(VOTE).hex();
    int at = signed.length() - 36;
    for (String header : List.of("c50010", "c600000010")) {
      String other = signed.substring(0, at) + header + signed.substring(at + 4);
      ReceivedReply received = codec.receive(Bytes.wrap(HexFormat.of().parseHex(other)));
      assertEquals(VOTE, received.reply());
      assertFalse(received.isSignedBy(new Signer(SignerTest.KEY)));
    }
    String shorter = signed.substring(0, at) + "c40f" + signed.substring(at + 6);
    assertThrows(MalformedException.class, () -> decode(shorter));
  }

  @Test
  void decode_truncatedAnywhere_isMalformed() {
    byte[] whole = codec.encode(VOTE).toArray();
    for (int length = 0; length < whole.length; length++) {
      Bytes cut = Bytes.wrap(java.util.Arrays.copyOf(whole, length));
      assertThrows(MalformedException.class, () -> codec.decode(cut), "cut to " + length);
    }
  }

  @Test
  void decode_trailingByte_isMalformed() {
    byte[] whole = codec.encode(VOTE).toArray();
    Bytes longer = Bytes.wrap(java.util.Arrays.copyOf(whole, whole.length + 1));
    assertThrows(MalformedException.class, () -> codec.decode(longer));
  }

  @Test
  void decode_mutated_isMalformedOrAValidReply() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    byte[] whole = codec.encode(VOTE).toArray();
    for (int i = 0; i < 20_000; i++) {
      byte[] mutated = whole.clone();
      for (int flips = random.nextInt(4) + 1; flips > 0; flips--) {
        mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
      }
      try {
        codec.decode(Bytes.wrap(mutated));
      } catch (MalformedException expected) {
        assertTrue(expected.getMessage() != null);
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed + " round " + i, e);
      }
    }
  }

  @Test
  void decode_hostileLengths_isMalformedBeforeAnyAllocation() {
    for (String hostile :
        List.of(
            "dd7fffffff",
            "9f01c67fffffff",
            "9f01c410" + "00".repeat(16) + "db7fffffff",
            "dc001002" + HEAD + "0014" + "a178" + "df7fffffff",
            "dc001002" + HEAD + "0014" + "a178" + "81a161" + "df7fffffffdf7fffffff",
            "dc001002" + HEAD + "0014" + "a178" + "81a664657461696cdb7fffffff")) {
      Bytes payload = Bytes.wrap(HexFormat.of().parseHex(hostile));
      assertThrows(MalformedException.class, () -> codec.decode(payload), hostile);
    }
    Bytes tooLong = Bytes.wrap(new byte[Limits.MAX_REPLY_BYTES + 1]);
    assertThrows(MalformedException.class, () -> codec.decode(tooLong));
  }

  @Test
  void decode_invalidTopk_isMalformed() throws IOException {
    assertMalformed(3, Float.NaN, 9, 0.1f);
    assertMalformed(3, Float.POSITIVE_INFINITY, 9, 0.1f);
    assertMalformed(3, 0.5f, 3, 0.1f);
    assertMalformed(3, 0.1f, 9, 0.5f);
    assertMalformed(10, 0.5f, 9, 0.1f);
    assertMalformed(-1, 0.5f, 9, 0.1f);
    assertMalformed(3, -0.5f, 9, -0.6f);
    assertMalformed(3, 1.5f, 9, 0.1f);
  }

  private void assertMalformed(int index1, float probability1, int index2, float probability2)
      throws IOException {
    byte[] head = codec.encode(VOTE).toArray();
    try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
      packer.writePayload(head, 0, head.length - 15); // up to the top-k array
      packer.packArrayHeader(4).packInt(index1).packFloat(probability1);
      packer.packInt(index2).packFloat(probability2).packMapHeader(0).packNil();
      Bytes payload = Bytes.wrap(packer.toByteArray());
      assertThrows(MalformedException.class, () -> codec.decode(payload));
    }
  }
}
