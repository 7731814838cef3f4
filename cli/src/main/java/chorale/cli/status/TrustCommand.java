package chorale.cli.status;

import chorale.cli.CommandException;
import chorale.cli.CommonOptions;
import chorale.cli.ExitCodes;
import chorale.cli.Terminal;
import chorale.dashboard.SiteSnapshot;
import chorale.dashboard.SiteSnapshot.Aggregator;
import chorale.dashboard.SiteSnapshot.Board;
import chorale.dashboard.SiteWatch;
import chorale.protocol.Trust;
import chorale.protocol.Trust.State;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chorale trust}: lets an operator trust or quarantine a board. */
@Command(
    name = "trust",
    description =
        "Trust a board, so that its votes count again, or quarantine it (--quarantine), so that"
            + " they do not count. Needs aggregators with aggregator.withstand above 0. A board"
            + " that an operator has quarantined stays so until an operator trusts it. See"
            + " docs/liars.md.",
    mixinStandardHelpOptions = true)
public final class TrustCommand implements Callable<Integer> {
  private static final long PATIENCE_SECONDS = 10;

  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Parameters(
      paramLabel = "WORKER",
      description = "The board's worker, as 'chorale status' names" + " it.")
  private String worker;

  @Option(names = "--quarantine", description = "Do not count the board's votes.")
  private boolean quarantine;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "The reason, up to " + Trust.MAX_REASON + " characters.")
  private String reason;

  @Override
  public Integer call() throws Exception {
    if (reason.length() > Trust.MAX_REASON) {
      throw CommandException.refused(
          "--reason", reason, "up to " + Trust.MAX_REASON + " characters");
    }
    try (SiteWatch watch = StatusCommand.watch(common.load(), "trust")) {
      require(StatusCommand.complete(watch));
      State state = quarantine ? State.QUARANTINED : State.TRUSTED;
      Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
      Trust trust = new Trust(worker, state, Trust.OPERATOR, reason, now, 0);
      watch.decide(trust).toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw CommandException.failure(
          "the decision was not published: " + e.getCause().getMessage());
    } catch (TimeoutException e) {
      throw CommandException.failure("no answer from the broker within " + PATIENCE_SECONDS + " s");
    }
    Terminal.of(spec.commandLine().getOut())
        .line(worker + (quarantine ? " is quarantined." : " is trusted."));
    return ExitCodes.OK;
  }

  /** Checks that the board exists and, for a quarantine, that an aggregator acts on it. */
  private void require(SiteSnapshot site) throws CommandException {
    if (site.boards().stream().noneMatch(board -> board.service().name().equals(worker))) {
      String names =
          site.boards().stream()
              .map((Board board) -> board.service().name())
              .sorted()
              .collect(Collectors.joining(", "));
      throw CommandException.refused(
          "WORKER", worker, names.isEmpty() ? "none, no board has announced itself" : names);
    }
    if (quarantine && site.aggregators().stream().noneMatch(each -> each.withstand() > 0)) {
      String names =
          site.aggregators().stream()
              .map((Aggregator each) -> each.service().name())
              .sorted()
              .collect(Collectors.joining(", "));
      throw CommandException.failure(
          "no aggregator quarantines boards"
              + (names.isEmpty() ? "" : " (aggregators: " + names + ")")
              + "; set aggregator.withstand above 0 for every aggregator, and restart them");
    }
  }
}
