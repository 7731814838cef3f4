package chorale.aggregator;

import static chorale.aggregator.Rig.CAMERA;
import static chorale.aggregator.Rig.TOPICS;
import static chorale.aggregator.Rig.author;
import static chorale.aggregator.Rig.topk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.config.ReplyKeys;
import chorale.config.SettingsException;
import chorale.protocol.Bytes;
import chorale.protocol.CapturedLog;
import chorale.protocol.LogLimit;
import chorale.protocol.Message;
import chorale.protocol.Reply;
import chorale.protocol.Reply.Author;
import chorale.protocol.Reply.Outcome;
import chorale.protocol.ReplyCodec;
import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import chorale.protocol.Result.Answered;
import chorale.protocol.Result.Missing;
import chorale.protocol.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The acceptance of replies on a site with reply keys. */
final class SignedRepliesTest {
  private static final Outcome CAT = topk(1, 0.6);

  /** The vote that a forger wants. */
  private static final Outcome DOG = topk(3, 1.0);

  @TempDir private Path folder;
  private Path file;
  private final CapturedLog log = new CapturedLog(TrustedWorkers.class);
  private final CapturedLog refusals = new CapturedLog(Refusals.class);
  private Rig rig;

  /** Boards 1 to 3 have the keys 1 to 3. */
  @BeforeEach
  void startWithThreeBoards() throws Exception {
    file = folder.resolve("reply-keys");
    write("board1 " + base64(1), "board2 " + base64(2), "board3 " + base64(3));
    rig = rig();
    rig.fleet(3);
  }

  @AfterEach
  void closeLogs() {
    log.close();
    refusals.close();
  }

  private Rig rig() throws SettingsException {
    return new Rig(Rig.patient(), Optional.of(ReplyKeys.read(file)));
  }

  private void write(String... lines) throws IOException {
    Files.write(file, List.of(lines));
  }

  private static byte[] secret(int number) {
    byte[] secret = new byte[SigningKey.BYTES];
    Arrays.fill(secret, (byte) number);
    return secret;
  }

  private static String base64(int number) {
    return Base64.getEncoder().encodeToString(secret(number));
  }

  private static ReplyCodec signing(int number) {
    return new ReplyCodec(new SigningKey(Bytes.wrap(secret(number))));
  }

  private static Author board(int number) {
    return author(Rig.variant(number), Rig.worker(number));
  }

  /** Publishes the honest vote of a board. */
  private void vote(RequestKey key, int board) {
    rig.reply(key, board(board), CAT, signing(board));
  }

  private void votesFrom(RequestKey key, int first) {
    for (int board = first; board <= 3; board++) {
      vote(key, board);
    }
    rig.turn();
  }

  private static List<String> voters(Result result) {
    return result.answered().stream().map(Answered::worker).toList();
  }

  private void onlyHonestVotes() {
    Result result = rig.result();
    assertEquals(List.of("board1", "board2", "board3"), voters(result));
    assertEquals("cat", result.answer().orElseThrow().name());
    assertEquals(0.6, result.answer().orElseThrow().score(), 1e-6);
  }

  /** Runs until the changed file has been reloaded, which takes two equal reads. */
  private void afterRereading() {
    rig.after(TrustedWorkers.REREAD_NANOS).turn();
    rig.after(TrustedWorkers.REREAD_NANOS).turn();
  }

  // ---- rejected replies

  @Test
  void reply_unsigned_isCountedAndNamedOnce() {
    RequestKey key = rig.frame("cat.jpg");
    rig.reply(key, 1, DOG);
    rig.reply(key, 1, DOG);
    votesFrom(key, 1);
    onlyHonestVotes();
    assertEquals(2, rig.count("unsigned"));
    assertEquals(
        List.of(
            "replies of board1 are rejected: they are not signed; set worker.reply-key-file"
                + " on the worker's board; further ones are only counted"),
        log.lines());
  }

  @Test
  void reply_signedByAnotherBoard_isForged() {
    RequestKey key = rig.frame("cat.jpg");
    rig.reply(key, board(1), DOG, signing(2));
    votesFrom(key, 1);
    onlyHonestVotes();
    assertEquals(1, rig.count("forged"));
    assertEquals(
        List.of(
            "replies of board1 are rejected: they are not signed with its key in "
                + file
                + "; give it that key, or find out who else sends in its name; further ones are only"
                + " counted"),
        log.lines());
  }

  /** Turns a vote for the cat into one for the dog, and keeps the signature. */
  @Test
  void reply_changedOnTheWay_isForged() throws Exception {
    RequestKey key = rig.frame("cat.jpg");
    Bytes signed = signing(1).encode(new Reply(key, CAMERA, board(1), CAT, 1500, 20));
    byte[] forged = signed.toArray();
    int at = signed.hex().indexOf("9201ca3f19999a") / 2; // top-k of class 1
    forged[at + 1] = 3;
    assertEquals(DOG_BY_CHANGE, new ReplyCodec().decode(Bytes.wrap(forged)).outcome());
    rig.broker.publish(Message.of(TOPICS.reply(CAMERA, "V1", "board1"), Bytes.wrap(forged)));
    votesFrom(key, 1);
    onlyHonestVotes();
    assertEquals(1, rig.count("forged"));
  }

  private static final Outcome DOG_BY_CHANGE =
      new Outcome.TopK(List.of(new chorale.protocol.Ranked(3, 0.6f)));

  /** A board signs with its own key a reply in another's name, or on another's topic. */
  @Test
  void reply_onTheTopicOfAnotherBoard_isForeignOrForged() {
    RequestKey key = rig.frame("cat.jpg");
    Bytes own = signing(3).encode(new Reply(key, CAMERA, board(3), DOG, 1500, 20));
    Bytes claimed = signing(3).encode(new Reply(key, CAMERA, board(1), DOG, 1500, 20));
    rig.broker.publish(Message.of(TOPICS.reply(CAMERA, "V1", "board1"), own));
    rig.broker.publish(Message.of(TOPICS.reply(CAMERA, "V1", "board1"), claimed));
    rig.broker.publish(Message.of(TOPICS.reply(CAMERA, "V3", "board3"), claimed));
    votesFrom(key, 1);
    onlyHonestVotes();
    assertEquals(2, rig.count("foreign"));
    assertEquals(1, rig.count("forged"));
    assertEquals(1, log.count("replies of board1 are rejected: a reply names board3 as its"));
    assertEquals(1, log.count("replies of board3 are rejected: a reply names board1 as its"));
  }

  @Test
  void reply_ofAStranger_isForeignAndNotWaitedFor() {
    rig.worker("V4", "ghost");
    rig.turn();
    RequestKey key = rig.frame("cat.jpg");
    rig.reply(key, author("V4", "ghost"), DOG, signing(9));
    votesFrom(key, 1);
    onlyHonestVotes();
    assertEquals(Result.Status.ANSWERED, rig.result().status());
    assertEquals(List.of(), rig.result().missing());
    assertEquals(1, rig.count("foreign"));
    assertEquals(3, rig.count("roster"));
    String why = file + " has no key for it; if the worker is yours, add its key";
    assertEquals(List.of("worker ghost: its replies do not count: " + why), refusals.lines());
    assertEquals(
        List.of("replies of ghost are rejected: " + why + "; further ones are only counted"),
        log.lines());
  }

  /** Signed by board1 for the same image, before its last start. */
  @Test
  void reply_recordedInAnEarlierSession_isReplayed() {
    RequestKey key = rig.frame("cat.jpg");
    Author before = board(1);
    Author earlier =
        new Author(
            before.variant(),
            before.worker(),
            before.session() - 1,
            before.alpha(),
            before.inputSize(),
            before.classCount(),
            before.classDigest(),
            before.modelDigest());
    rig.reply(key, earlier, DOG, signing(1));
    votesFrom(key, 1);
    onlyHonestVotes();
    assertEquals(1, rig.count("replayed"));
    assertEquals(
        List.of(
            "replies of board1 are rejected: they are not from the session that the worker has"
                + " announced; find out who sends old replies again; further ones are only counted"),
        log.lines());
  }

  @Test
  void reply_sentTwice_isOneVote() {
    RequestKey key = rig.frame("cat.jpg");
    vote(key, 1);
    vote(key, 1);
    votesFrom(key, 2);
    onlyHonestVotes();
    assertEquals(1, rig.count("duplicate"));
  }

  /** A signature is valid only for its own request. */
  @Test
  void reply_recordedForAnotherRequest_doesNotCountForThisOne() {
    RequestKey other = rig.frame("dog.jpg");
    Bytes recorded = signing(1).encode(new Reply(other, CAMERA, board(1), DOG, 1500, 20));
    votesFrom(other, 1);
    RequestKey key = rig.frame("cat.jpg");
    rig.broker.publish(Message.of(TOPICS.reply(CAMERA, "V1", "board1"), recorded));
    votesFrom(key, 1);
    assertEquals("cat", rig.results().get(1).answer().orElseThrow().name());
    assertEquals(List.of("board1", "board2", "board3"), voters(rig.results().get(1)));
  }

  @Test
  void reply_malformed_isCountedAsThat() {
    rig.broker.publish(Message.of(TOPICS.reply(CAMERA, "V1", "board1"), Bytes.utf8("x")));
    rig.turn();
    assertEquals(1, rig.count("malformed"));
    assertEquals(List.of(), log.lines());
  }

  @Test
  void log_ofAKind_isRepeatedAfterTenMinutes() {
    RequestKey key = rig.frame("cat.jpg");
    rig.reply(key, 1, DOG);
    rig.turn();
    rig.after(LogLimit.SPAN.toNanos()).reply(key, 1, DOG);
    rig.turn();
    assertEquals(2, log.count("they are not signed"));
  }

  /** Unsigned replies neither mark a board as present nor fill the buffer of early replies. */
  @Test
  void reply_notBelieved_changesNothingElse() {
    for (int i = 0; i < EarlyReplies.MAX + 1; i++) {
      rig.reply(Rig.key("image " + i), 1, DOG);
    }
    rig.turn();
    assertEquals(0, rig.count("waiting_replies"));
    assertEquals(EarlyReplies.MAX + 1, rig.count("unsigned"));
  }

  // ---- a site without keys

  @Test
  void withoutKeys_signedAndUnsignedReplies_count() {
    Rig open = new Rig(Rig.patient());
    open.fleet(3);
    RequestKey key = open.frame("cat.jpg");
    open.reply(key, board(1), CAT, signing(9));
    open.reply(key, 2, CAT);
    open.reply(key, 3, CAT);
    open.turn();
    assertEquals(List.of("board1", "board2", "board3"), voters(open.result()));
  }

  // ---- keys that change while it runs

  @Test
  void keys_rotated_theOldOneIsNoLongerAccepted() throws Exception {
    write("board1 " + base64(7), "board2 " + base64(2), "board3 " + base64(3));
    afterRereading();
    RequestKey key = rig.frame("cat.jpg");
    rig.reply(key, board(1), DOG, signing(1));
    rig.reply(key, board(1), CAT, signing(7));
    votesFrom(key, 2);
    onlyHonestVotes();
    assertEquals(1, rig.count("forged"));
    assertEquals(1, log.count(file + ": reloaded, 3 keys"));
  }

  /** Accepted votes stay; the board is no longer waited for. */
  @Test
  void keys_ofABoardRemoved_itLeavesTheRoster() throws Exception {
    write("board1 " + base64(1), "board2 " + base64(2));
    rig.after(TrustedWorkers.REREAD_NANOS).turn();
    RequestKey open = rig.frame("open.jpg");
    vote(open, 1);
    vote(open, 2);
    rig.turn();
    assertEquals(List.of(), rig.results(), "after one look, the file is not reloaded yet");
    rig.after(TrustedWorkers.REREAD_NANOS).turn();
    assertEquals(List.of("board1", "board2"), voters(rig.results().get(0)));
    assertEquals(Result.DecidedBy.ALL, rig.results().get(0).decidedBy());

    RequestKey key = rig.frame("cat.jpg");
    vote(key, 3);
    vote(key, 1);
    vote(key, 2);
    rig.turn();
    Result result = rig.results().get(1);
    assertEquals(List.of("board1", "board2"), voters(result));
    assertEquals(List.<Missing>of(), result.missing());
    assertEquals(Result.Status.ANSWERED, result.status());
    assertEquals(2, rig.count("roster"));
    assertEquals(1, rig.count("foreign"));
  }

  /** The board announced a different weight of V4 before the right V4 was announced. */
  @Test
  void keys_ofABoardRemoved_itsAnnouncementIsForgotten() throws Exception {
    write("evil " + base64(9), "board2 " + base64(2), "board3 " + base64(3), "board4 " + base64(4));
    rig = rig();
    rig.worker(author("V4", "evil", 0.5, 192, Rig.CLASSES), Rig.CLASSES);
    rig.worker("V2", "board2");
    rig.worker("V3", "board3");
    rig.turn();
    rig.frame("first.jpg");
    rig.turn();
    rig.worker("V4", "board4");
    rig.turn();
    assertEquals(1, refusals.count("worker board4: its replies do not count: its V4 has"));

    write("board2 " + base64(2), "board3 " + base64(3), "board4 " + base64(4));
    afterRereading();
    RequestKey key = rig.frame("cat.jpg");
    for (int board = 2; board <= 4; board++) {
      vote(key, board);
    }
    rig.turn();
    Result result = rig.results().get(rig.results().size() - 1);
    assertEquals(List.of("board2", "board3", "board4"), voters(result));
    assertEquals(Result.Status.ANSWERED, result.status());
  }

  @Test
  void keys_ofABoardAdded_itVotesWithoutANewAnnouncement() throws Exception {
    rig.worker("V4", "board4");
    rig.turn();
    write(
        "board1 " + base64(1), "board2 " + base64(2), "board3 " + base64(3), "board4 " + base64(4));
    afterRereading();
    RequestKey key = rig.frame("cat.jpg");
    votesFrom(key, 1);
    assertEquals(List.of(), rig.results(), "the board is waited for");
    vote(key, 4);
    rig.turn();
    assertEquals(List.of("board1", "board2", "board3", "board4"), voters(rig.result()));
  }

  @Test
  void keys_invalidFile_theOldKeysStayValid() throws Exception {
    try (CapturedLog keys = new CapturedLog(ReplyKeys.class)) {
      write("board1 nonsense");
      afterRereading();
      afterRereading();
      RequestKey key = rig.frame("cat.jpg");
      votesFrom(key, 1);
      onlyHonestVotes();
      assertEquals(1, keys.count(file + ":1: not a key"));
    }
  }

  @Test
  void run_withKeys_wakesToReloadThem() {
    rig.turn(); // receives its own announcement
    assertEquals(TrustedWorkers.REREAD_NANOS, rig.turn());
  }

  @Test
  void rehearsal_withKeys_decidesItsRequests() throws Exception {
    var nanos = new java.util.concurrent.atomic.AtomicLong();
    AggregatorRehearsal.run(
        Rig.SETTINGS,
        TOPICS,
        new Aggregator.Dependencies(
            (session, inbox) -> {
              throw new AssertionError("opened the real bus");
            },
            Optional.of(ReplyKeys.of(Map.of())),
            Optional.empty(),
            () -> nanos.addAndGet(1_000),
            java.time.Clock.systemUTC(),
            7,
            "test",
            counters -> {}));
    assertTrue(nanos.get() < 1_000 * Rig.MILLI, nanos + " ns");
  }
}
