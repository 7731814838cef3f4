package chorale.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.cli.service.ServiceOptions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class ChoraleTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    CommandLine command = Chorale.commandLine();
    command.setOut(new PrintWriter(out));
    command.setErr(new PrintWriter(err));
    return command.execute(arguments);
  }

  /** Asserts that the error is one line without a stack trace. */
  private void assertOneLine(String... parts) {
    String told = err.toString();
    assertEquals(1, told.lines().count(), told);
    assertTrue(told.startsWith("chorale: "), told);
    for (String part : parts) {
      assertTrue(told.contains(part), told);
    }
  }

  @Test
  void version_isThatOfTheBuild() {
    assertEquals(ExitCodes.OK, run("--version"));
    assertTrue(out.toString().matches("chorale \\d+\\.\\d+\\.\\d+\\s*"), out.toString());
  }

  @Test
  void noCommand_showsHelpAndFails() {
    assertEquals(ExitCodes.MISTAKE, run());
    assertTrue(err.toString().contains("Commands:"), err.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "torture, --slack, soon, is not a whole number",
    "plan, --base-memory, much, is not a number",
  })
  void numberOption_withAWord_namesTheOptionAndTheValue(
      String command, String option, String value, String problem) {
    assertEquals(ExitCodes.MISTAKE, run(command, option, value));
    assertOneLine("'" + option + "'", "'" + value + "' " + problem);
  }

  @Test
  void unknownCommand_isOneLineWithASuggestion() {
    assertEquals(ExitCodes.MISTAKE, run("brokr"));
    assertOneLine("'brokr'", "did you mean 'broker'?");
  }

  @Test
  void unknownCommand_withoutSuggestion_isOneLine() {
    assertEquals(ExitCodes.MISTAKE, run("xyzzy"));
    assertOneLine("unknown command 'xyzzy'", "chorale --help");
  }

  @Test
  void help_asACommand_listsAllCommandsAndExplainsOne() {
    assertEquals(ExitCodes.OK, run("help"), err.toString());
    assertTrue(out.toString().contains("  bench "), out.toString());
    assertTrue(out.toString().lines().count() <= 30, "more than a screen: " + out);
    out.getBuffer().setLength(0);
    assertEquals(ExitCodes.OK, run("help", "publish"), err.toString());
    assertTrue(out.toString().contains("Usage: chorale publish"), out.toString());
  }

  @Test
  void help_ofEveryCommand_fits80Columns() {
    for (String command : Chorale.commandLine().getSubcommands().keySet()) {
      assertEquals(ExitCodes.OK, run("help", command), err.toString());
    }
    assertEquals(List.of(), out.toString().lines().filter(line -> line.length() > 80).toList());
  }

  @Test
  void config_userAndPasswordFile_areFlags(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("password"), "secret\n");

    assertEquals(
        ExitCodes.OK,
        run("config", "--origins", "--user", "gate", "--password-file", file.toString()),
        err.toString());
    assertTrue(out.toString().contains("user = \"gate\"  # --user"), out.toString());
    assertFalse(out.toString().contains("secret"), out.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"broker", "worker", "aggregator", "config", "doctor"})
  void help_ofEachCommand_listsItsOptions(String command) {
    assertEquals(ExitCodes.OK, run(command, "--help"), err.toString());
    assertTrue(out.toString().contains("Usage: chorale " + command), out.toString());
    assertTrue(out.toString().contains("--broker"), out.toString());
    assertFalse(out.toString().contains("--until-stdin-closes"), out.toString());
  }

  @Test
  void untilStdinCloses_hasTheNameThatASiteUses() {
    assertEquals(chorale.site.ChildProcess.UNTIL_STDIN_CLOSES, ServiceOptions.UNTIL_STDIN_CLOSES);
  }

  @Test
  void unknownOption_isOneLine() {
    assertEquals(ExitCodes.MISTAKE, run("worker", "--varian", "V1"));
    assertOneLine("--varian", "chorale worker --help");
  }

  @Test
  void config_showsFlagsAndTheirOrigin() {
    assertEquals(ExitCodes.OK, run("config", "--origins", "--site", "barn"), err.toString());
    assertTrue(out.toString().contains("site = \"barn\"  # --site"), out.toString());
  }

  @Test
  void config_badValue_isOneLine() {
    assertEquals(ExitCodes.MISTAKE, run("config", "--broker", "http://x"));
    assertOneLine("connection.broker", "'http://x'", "--broker", "mqtt://host:port");
  }

  @Test
  void config_noSuchFile_isOneLine() {
    assertEquals(ExitCodes.MISTAKE, run("config", "--config", "no-such.conf"));
    assertOneLine("no-such.conf");
  }

  @Test
  void worker_withoutAVariant_isOneLine() {
    assertEquals(ExitCodes.MISTAKE, run("worker"));
    assertOneLine("worker.variant", "--variant V1");
  }

  @Test
  void worker_emptyModelsFolder_isOneLine(@TempDir Path empty) {
    assertEquals(ExitCodes.MISTAKE, run("worker", "--variant", "V1", "--models", empty.toString()));
    assertOneLine(empty.toString());
  }

  @Test
  void aggregator_badDeadline_isOneLine() {
    assertEquals(ExitCodes.MISTAKE, run("aggregator", "--deadline", "soon"));
    assertOneLine("aggregator.deadline", "'soon'", "(--deadline)", "40ms");
  }

  @Test
  void broker_badPort_isOneLine() {
    assertEquals(ExitCodes.MISTAKE, run("broker", "--port", "99999"));
    assertOneLine("broker.port", "'99999'", "0 to 65535");
  }

  @Test
  void absentCommand_reportsThatTheDistributionLacksIt() {
    CommandLine top = new CommandLine(Chorale.commandLine().getCommandSpec().userObject());
    top.addSubcommand("broker", new CommandLine(new Commands.Absent()));
    top.setExecutionExceptionHandler((e, command, parsed) -> Errors.tell(e, command.getErr()));
    top.setErr(new PrintWriter(err));

    assertEquals(ExitCodes.MISTAKE, top.execute("broker", "--port", "1"));
    assertOneLine("does not include 'broker'");
  }
}
