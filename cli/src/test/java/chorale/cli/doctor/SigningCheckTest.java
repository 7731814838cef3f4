package chorale.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.cli.doctor.Finding.Level;
import chorale.config.SettingsLoader;
import chorale.protocol.Assignment;
import chorale.protocol.Calibration;
import chorale.protocol.Digests;
import chorale.protocol.Message;
import chorale.protocol.Reply.Author;
import chorale.protocol.ReplyCodec;
import chorale.protocol.Role;
import chorale.protocol.StatusCodec;
import chorale.protocol.Topics;
import chorale.protocol.Topics.StatusKind;
import chorale.protocol.WorkerInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SigningCheckTest {
  private static final Topics TOPICS = new Topics("home");
  private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  private static final String OTHER = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

  @TempDir private Path folder;
  private Path keys;

  @BeforeEach
  void writeKeys() throws IOException {
    keys = folder.resolve("reply-keys");
    Files.writeString(folder.resolve("reply.key"), KEY);
    Files.writeString(folder.resolve("tensor.key"), OTHER);
    Files.writeString(keys, "pi1 " + KEY + "\n");
  }

  private SigningCheck check(String settings) throws Exception {
    Path file = Files.writeString(folder.resolve("chorale.conf"), "chorale { " + settings + " }");
    return new SigningCheck(
        new SettingsLoader("host", folder)
            .load(Optional.of(file), Map.of(), Map.of("worker.variant", "V1")));
  }

  private SigningCheck board(String name) throws Exception {
    return check(
        "worker { name = "
            + name
            + ", reply-key-file = reply.key, tensor-key-file = tensor.key },"
            + " aggregator.reply-keys-file = reply-keys");
  }

  private static List<String> failures(List<Finding> findings) {
    return findings.stream().filter(each -> each.level() == Level.FAIL).map(Finding::text).toList();
  }

  @Test
  void files_withoutKeys_giveNoFinding() throws Exception {
    SigningCheck check = check("");
    assertEquals(List.of(), check.files());
    assertEquals(List.of(), check.subscriptions());
    assertEquals(List.of(), check.online());
  }

  @Test
  void files_thatMatch_areOk() throws Exception {
    List<Finding> findings = board("pi1").files();
    assertEquals(
        List.of(
            folder.resolve("tensor.key") + ": valid key for tensors",
            folder.resolve("reply.key") + ": valid key for replies",
            keys + ": valid reply keys: 1"),
        findings.stream().map(Finding::text).toList());
    assertEquals(List.of(), failures(findings));
  }

  @Test
  void files_unusable_areEachReported() throws Exception {
    Files.writeString(folder.resolve("reply.key"), "hush");
    Files.delete(folder.resolve("tensor.key"));
    Files.writeString(keys, "pi1 hush\n");
    List<String> failures = failures(board("pi1").files());
    assertEquals(3, failures.size());
    assertTrue(failures.get(0).startsWith(folder.resolve("tensor.key") + ": cannot be read"));
    assertTrue(failures.get(1).startsWith(folder.resolve("reply.key") + ": not a key"));
    assertTrue(failures.get(2).startsWith(keys + ":1: not a key"));
  }

  @Test
  void files_keyUnknownToTheAggregator_saysThatRepliesAreRejected() throws Exception {
    assertEquals(
        List.of(
            "replies of pi2 are rejected: "
                + keys
                + " has no key for it; if the worker is yours, add its key"),
        failures(board("pi2").files()));
    Files.writeString(folder.resolve("reply.key"), OTHER);
    assertEquals(
        List.of(
            "replies of pi1 are rejected: its key in "
                + keys
                + " is not the key in worker.reply-key-file"),
        failures(board("pi1").files()));
  }

  @Test
  void online_workersWithoutAKey_areReported() throws Exception {
    SigningCheck check = check("aggregator.reply-keys-file = reply-keys");
    assertEquals(List.of(), failures(check.files()));
    assertEquals(2, check.subscriptions().size());
    for (String worker : List.of("pi1", "pi9", "gone")) {
      check.hear(info(worker));
      check.hear(
          Message.retained(
              TOPICS.status(Role.WORKER, worker, StatusKind.AVAILABILITY),
              worker.equals("gone") ? StatusCodec.OFFLINE : StatusCodec.ONLINE));
    }
    assertEquals(
        List.of(
            "replies of pi9 are rejected: "
                + keys
                + " has no key for it; if the worker is yours, add its key"),
        failures(check.online()));
  }

  private static Message info(String worker) {
    List<String> classes = List.of("cat", "dog");
    long digest = Digests.prefix(Digests.ofClasses(classes));
    WorkerInfo info =
        new WorkerInfo(
            new Author("V1", worker, 1, .35, 96, classes.size(), digest, 9),
            "pets",
            classes,
            1,
            1,
            Calibration.NONE,
            Assignment.VARIANT,
            ReplyCodec.SCHEMA,
            "test");
    return Message.retained(
        TOPICS.status(Role.WORKER, worker, StatusKind.INFO), new StatusCodec().encode(info));
  }
}
