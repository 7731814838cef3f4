package chorale.cli.setup;

import chorale.cli.CommandException;
import chorale.cli.ExitCodes;
import chorale.protocol.FileFailure;
import chorale.protocol.access.UserRole;
import chorale.setup.SetupException;
import chorale.setup.SiteRequest;
import chorale.setup.SiteSetup;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chorale setup}: creates or changes a secured site, as a folder of files. */
@Command(
    name = "setup",
    description =
        "Create a secured site: a private certificate authority, the broker's certificate, a user"
            + " with a random password for every member, and the files for each machine."
            + " DIR/README.md lists which file goes where. Run it again to change the site; all"
            + " else stays as it is.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "chorale setup my-site --boards pi1,pi2,pi3 --cameras gate,barn --host hub.local",
      "chorale setup my-site --add --boards pi4",
      "chorale setup my-site --remove pi2 --rotate pi1",
      "Rights of each role, and the risk of a stolen board: docs/security.md."
    })
public final class SetupCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "DIR", description = "The site's folder.")
  private Path folder;

  @Option(
      names = "--boards",
      split = ",",
      paramLabel = "NAME",
      description = "Boards; each runs one worker of the same name.")
  private List<String> boards = new ArrayList<>();

  @Option(names = "--cameras", split = ",", paramLabel = "NAME", description = "Cameras.")
  private List<String> cameras = new ArrayList<>();

  @Option(
      names = "--dashboards",
      split = ",",
      paramLabel = "NAME",
      description = "Dashboards, which show results and status.")
  private List<String> dashboards = new ArrayList<>();

  @Option(
      names = "--aggregators",
      split = ",",
      paramLabel = "NAME",
      description = "Aggregators. Default: one, named 'aggregator'.")
  private List<String> aggregators = new ArrayList<>();

  @Option(
      names = "--operators",
      split = ",",
      paramLabel = "NAME",
      description = "People with all rights on the site. Default: one, named 'operator'.")
  private List<String> operators = new ArrayList<>();

  @Option(
      names = "--frames",
      split = ",",
      paramLabel = "NAME",
      description = "The dashboards that may also see the cameras' images.")
  private List<String> frames = new ArrayList<>();

  @Option(names = "--site", paramLabel = "NAME", description = "The site. Default: home.")
  private Optional<String> site = Optional.empty();

  @Option(
      names = "--host",
      split = ",",
      arity = "1..*",
      paramLabel = "NAME-OR-IP",
      description =
          "Names or addresses of the broker for other machines; their files use the first one."
              + " Default: none, the broker listens on loopback only.")
  private List<String> hosts = new ArrayList<>();

  @Option(names = "--port", paramLabel = "N", description = "The broker's port. Default: 8883.")
  private Optional<Integer> port = Optional.empty();

  @Option(
      names = "--client-certificates",
      description = "Require a certificate from every client, besides its password.")
  private boolean clientCertificates;

  @Option(names = "--add", description = "Add the named members to an existing site.")
  private boolean add;

  @Option(
      names = "--remove",
      split = ",",
      paramLabel = "NAME",
      description = "Lock out these members and delete their files.")
  private List<String> remove = new ArrayList<>();

  @Option(
      names = "--rotate",
      split = ",",
      paramLabel = "NAME",
      description =
          "Give these members a new password and new keys. Also: 'all' for all members, 'broker'"
              + " for its certificate, 'authority' for the authority and all certificates,"
              + " 'tensors' for the key of strategy model.")
  private List<String> rotate = new ArrayList<>();

  @Option(
      names = "--backup",
      paramLabel = "FILE",
      description = "Save the folder, with all secrets, to a new file.")
  private Optional<Path> backup = Optional.empty();

  @Option(
      names = "--restore",
      paramLabel = "FILE",
      description = "Create the folder from a backup file.")
  private Optional<Path> restore = Optional.empty();

  @Override
  public Integer call() throws CommandException {
    SiteSetup setup = new SiteSetup(folder, Instant.now(), new SecureRandom());
    PrintWriter out = spec.commandLine().getOut();
    try {
      if (backup.isPresent() || restore.isPresent()) {
        requireAlone();
      }
      if (backup.isPresent()) {
        setup.backup(backup.get());
        out.println("backup of " + folder + ": " + backup.get() + "; it holds all secrets");
      } else if (restore.isPresent()) {
        tell(setup.restore(restore.get()), out);
      } else {
        tell(setup.apply(request()), out);
      }
    } catch (SetupException e) {
      throw CommandException.mistake(e.getMessage());
    } catch (IOException e) {
      throw CommandException.failure(
          FileFailure.described(e, folder) + "; check who owns it, and the space left");
    }
    out.flush();
    return ExitCodes.OK;
  }

  private void requireAlone() throws CommandException {
    if (spec.commandLine().getParseResult().matchedOptions().size() > 1) {
      throw CommandException.mistake(
          "--backup, --restore: allowed only with DIR, without other" + " options");
    }
  }

  private SiteRequest request() throws CommandException {
    if (port.isPresent() && (port.get() < 1 || port.get() > 65_535)) {
      throw CommandException.refused("--port", port.get(), "1 to 65535");
    }
    Map<UserRole, List<String>> members = new EnumMap<>(UserRole.class);
    members.put(UserRole.WORKER, boards);
    members.put(UserRole.CAMERA, cameras);
    members.put(UserRole.DASHBOARD, dashboards);
    members.put(UserRole.AGGREGATOR, aggregators);
    members.put(UserRole.OPERATOR, operators);
    members.values().removeIf(List::isEmpty);
    return new SiteRequest(
        site, members, frames, hosts, port, clientCertificates, add, remove, rotate);
  }

  private void tell(SiteSetup.Report report, PrintWriter out) {
    report.done().forEach(out::println);
    out.println(
        "site "
            + report.site()
            + " in "
            + folder
            + (report.files().isEmpty() ? ": nothing to change" : ": " + files(report)));
    if (report.isNew()) {
      out.println(
          "the broker will be at "
              + report.url()
              + (hosts.isEmpty() ? ", for this machine only; --host opens it to others" : ""));
      out.println("which file goes where: " + folder.resolve("README.md"));
    }
  }

  private static String files(SiteSetup.Report report) {
    int count = report.files().size();
    return count + (count == 1 ? " file written" : " files written");
  }
}
