package chorale.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.config.Settings;
import chorale.config.UsersFile;
import chorale.protocol.Bytes;
import chorale.protocol.access.UserEntry;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code setup} and {@code passwd} on the command line. */
final class SetupCommandsTest {
  @TempDir private Path scratch;

  private String out = "";
  private String err = "";

  private int run(Object... arguments) {
    StringWriter toOut = new StringWriter();
    StringWriter toErr = new StringWriter();
    CommandLine command = Chorale.commandLine();
    command.setOut(new PrintWriter(toOut));
    command.setErr(new PrintWriter(toErr));
    String[] words = List.of(arguments).stream().map(Object::toString).toArray(String[]::new);
    int code = command.execute(words);
    out = toOut.toString();
    err = toErr.toString();
    return code;
  }

  private int typed(String input, Object... arguments) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
    try {
      return run(arguments);
    } finally {
      System.setIn(before);
    }
  }

  private void assertMistake(int code, String... parts) {
    assertEquals(ExitCodes.MISTAKE, code, out);
    assertEquals(1, err.lines().count(), err);
    for (String part : parts) {
      assertTrue(err.contains(part), err);
    }
  }

  @Test
  void setup_newSiteAndChanges_reportsThemWithoutSecrets() throws Exception {
    Path site = scratch.resolve("site");
    assertEquals(
        0,
        run("setup", site, "--boards", "pi1,pi2", "--cameras", "gate", "--host", "hub,10.0.0.7"),
        err);
    assertTrue(out.contains("added board pi2"), out);
    assertTrue(out.contains("the broker will be at mqtts://hub:8883"), out);
    String password = Files.readString(site.resolve("boards/pi1/password")).strip();
    assertFalse(out.contains(password), out);

    assertEquals(0, run("setup", site, "--boards", "pi1,pi2", "--cameras", "gate"), err);
    assertTrue(out.endsWith("nothing to change" + System.lineSeparator()), out);
    assertMistake(run("setup", site, "--boards", "pi3"), "'pi3' is not a member", "--add");
    assertEquals(0, run("setup", site, "--add", "--boards", "pi3", "--remove", "pi2"), err);
    assertTrue(out.contains("removed board pi2") && out.contains("added board pi3"), out);
    assertEquals(0, run("setup", site, "--rotate", "pi1"), err);
    assertFalse(password.equals(Files.readString(site.resolve("boards/pi1/password")).strip()));

    Path backup = scratch.resolve("backup");
    assertMistake(
        run("setup", site, "--backup", backup, "--rotate", "pi1"), "allowed only with" + " DIR");
    assertEquals(0, run("setup", site, "--backup", backup), err);
    assertEquals(0, run("setup", scratch.resolve("again"), "--restore", backup), err);
    assertEquals(
        Files.readString(site.resolve("users")), Files.readString(scratch.resolve("again/users")));
  }

  @Test
  void setup_newSite_configuresTheDashboardOfThisMachine() throws Exception {
    Path site = scratch.resolve("site");
    assertEquals(0, run("setup", site, "--boards", "pi1", "--host", "hub"), err);

    Settings settings =
        CommonOptions.loader()
            .load(Optional.of(site.resolve("dashboard.conf")), Map.of(), Map.of());

    assertEquals("mqtts://127.0.0.1:8883", settings.connection().broker().toString());
    assertEquals("operator", settings.connection().credentials().orElseThrow().user());
    assertEquals(Optional.of(site.resolve("users")), settings.dashboard().usersFile());
  }

  @Test
  void setup_badPortOrFolder_isOneLine() throws Exception {
    Path file = Files.writeString(scratch.resolve("file"), "");
    assertMistake(
        run("setup", scratch.resolve("site"), "--boards", "a", "--port", "99999"),
        "--port: '99999'; allowed: 1 to 65535");
    assertMistake(run("setup", file, "--boards", "a"), "file: not a folder");
  }

  @Test
  void services_unusableKeyFile_isOneLineThatNamesIt() throws Exception {
    Path site = scratch.resolve("site");
    assertEquals(0, run("setup", site, "--boards", "pi1"), err);
    Path known = site.resolve("aggregators/aggregator/reply-keys");
    String secret = Files.readString(site.resolve("boards/pi1/reply.key")).strip();
    Files.writeString(known, "pi1 " + secret.substring(1) + "\n");
    assertMistake(
        run("aggregator", "--config", known.resolveSibling("aggregator.conf")),
        known + ":1: not a key; allowed: 32 bytes in base64");
    assertFalse(err.contains(secret.substring(1)), err);

    Path own = site.resolve("boards/pi1/reply.key");
    Files.delete(own);
    assertMistake(
        run("worker", "--config", own.resolveSibling("worker.conf")), own + ": cannot be read (");
  }

  @Test
  void passwd_newAndKnownUser_keepsAllOtherLines() throws Exception {
    Path users = scratch.resolve("users");
    assertMistake(typed("good enough\n", "passwd", users, "wall"), "--role: wall is new");
    assertEquals(
        0, typed("good enough\n", "passwd", users, "wall", "--role", "dashboard+frames"), err);
    assertEquals(
        0,
        typed("pässwörter\n", "passwd", users, "gate", "--role", "camera", "--site", "barn"),
        err);
    Files.writeString(users, "# mine\n" + Files.readString(users));
    assertEquals(0, typed("another one\n", "passwd", users, "wall"), err);
    assertEquals("new password for wall in " + users, out.strip());

    List<UserEntry> entries = UsersFile.read(users);
    assertEquals(2, entries.size());
    assertEquals("dashboard+frames", entries.get(0).role());
    assertTrue(entries.get(0).password().matches(Bytes.utf8("another one")));
    assertEquals("barn", entries.get(1).identity().site());
    assertTrue(entries.get(1).password().matches(Bytes.utf8("pässwörter")));
    assertEquals("# mine", Files.readAllLines(users).get(0));
  }

  @Test
  void passwd_mistakes_changeNothing() throws Exception {
    Path users = scratch.resolve("users");
    assertMistake(typed("short\n", "passwd", users, "a", "--role", "camera"), "at least 8");
    assertMistake(typed("", "passwd", users, "a", "--role", "camera"), "at least 8");
    assertMistake(typed("change-me-soon\n", "passwd", users, "a", "--role", "camera"), "change-me");
    assertMistake(typed("good enough\n", "passwd", users, "a", "--role", "king"), "role: 'king'");
    assertMistake(typed("good enough\n", "passwd", users, "a/b", "--role", "camera"), "'a/b'");
    assertFalse(Files.exists(users));

    assertEquals(0, run("setup", scratch.resolve("site"), "--boards", "pi1"), err);
    Path made = scratch.resolve("site/users");
    String before = Files.readString(made);
    assertMistake(
        typed("good enough\n", "passwd", made, "pi1"),
        "use 'chorale setup " + scratch.resolve("site") + " --rotate pi1'");
    assertEquals(before, Files.readString(made));
  }
}
