package chorale.cli;

import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/**
 * The registry of subcommands, with the classes that each needs. A worker's distribution lacks the
 * broker, the aggregator and the publisher. There, the help omits their commands, and a call
 * reports that they are missing.
 */
final class Commands {
  /**
   * @param summary its line in the list of commands
   * @param type the command's class, below this package; loaded only if all of {@code needs} are
   *     present
   * @param needs classes of modules that a distribution may lack
   */
  private record Entry(String name, String summary, String type, List<String> needs) {}

  private static final String BROKER = "chorale.broker.EmbeddedBroker";
  private static final String WORKER = "chorale.worker.Worker";
  private static final String AGGREGATOR = "chorale.aggregator.Aggregator";
  private static final String PUBLISHER = "chorale.publisher.Publisher";
  private static final String DASHBOARD = "chorale.dashboard.Dashboard";
  private static final String SITE = "chorale.site.LocalSite";
  private static final String SETUP = "chorale.setup.SiteSetup";
  private static final String EVALUATION = "chorale.evaluation.Evaluator";

  private static final List<Entry> ENTRIES =
      List.of(
          new Entry(
              "demo",
              "Run a whole site on this machine, on sample images: begin here.",
              "camera.DemoCommand",
              List.of(BROKER, WORKER, AGGREGATOR, PUBLISHER, SITE)),
          new Entry(
              "broker",
              "Run the MQTT broker that comes with Chorale.",
              "service.BrokerCommand",
              List.of(BROKER, SITE)),
          new Entry(
              "worker",
              "Run one variant; start one on each board.",
              "service.WorkerCommand",
              List.of(WORKER)),
          new Entry(
              "aggregator",
              "Collect the votes and publish one result a frame.",
              "service.AggregatorCommand",
              List.of(AGGREGATOR)),
          new Entry(
              "publish",
              "Publish images as a camera does.",
              "camera.PublishCommand",
              List.of(PUBLISHER)),
          new Entry(
              "watch", "Show results as they arrive.", "camera.WatchCommand", List.of(PUBLISHER)),
          new Entry(
              "status",
              "Show the state of a site, and what to do.",
              "status.StatusCommand",
              List.of(DASHBOARD)),
          new Entry(
              "trust", "Trust or quarantine a board.", "status.TrustCommand", List.of(DASHBOARD)),
          new Entry(
              "dashboard",
              "Serve a web page that shows a site.",
              "service.DashboardCommand",
              List.of(DASHBOARD)),
          new Entry(
              "evaluate",
              "Evaluate a model set on labeled images.",
              "evaluate.EvaluateCommand",
              List.of(EVALUATION, WORKER, PUBLISHER)),
          new Entry(
              "attack",
              "Evaluate fusion rules against lying boards.",
              "evaluate.AttackCommand",
              List.of(EVALUATION, WORKER, PUBLISHER)),
          new Entry(
              "compare",
              "Measure all strategies side by side.",
              "evaluate.CompareCommand",
              List.of(BROKER, WORKER, AGGREGATOR, PUBLISHER, EVALUATION, SITE)),
          new Entry(
              "torture",
              "Check a site under faults.",
              "torture.TortureCommand",
              List.of(BROKER, WORKER, AGGREGATOR, EVALUATION, SITE)),
          new Entry("bench", "Measure how fast Chorale is.", "BenchCommand", List.of(EVALUATION)),
          new Entry(
              "plan",
              "Choose which board runs which variant.",
              "evaluate.PlanCommand",
              List.of(EVALUATION, SITE)),
          new Entry(
              "setup",
              "Create a secured site: users, passwords, TLS.",
              "setup.SetupCommand",
              List.of(SETUP)),
          new Entry(
              "passwd",
              "Set a user's password at the broker.",
              "setup.PasswdCommand",
              List.of(SETUP)),
          new Entry("config", "Print the effective settings.", "doctor.ConfigCommand", List.of()),
          new Entry(
              "doctor",
              "Check this machine, and say what to do.",
              "doctor.DoctorCommand",
              List.of(WORKER)),
          new Entry(
              "import-cifar10",
              "Convert CIFAR-10's archive into images.",
              "evaluate.ImportCifar10Command",
              List.of()));

  private Commands() {}

  static void addTo(CommandLine top) {
    for (Entry entry : ENTRIES) {
      CommandLine command = new CommandLine(isPresent(entry) ? create(entry.type()) : new Absent());
      command.getCommandSpec().usageMessage().header(entry.summary());
      top.addSubcommand(entry.name(), command);
    }
  }

  private static boolean isPresent(Entry entry) {
    return entry.needs().stream().allMatch(Commands::isPresent)
        && isPresent(Commands.class.getPackageName() + '.' + entry.type());
  }

  private static boolean isPresent(String type) {
    return Commands.class.getClassLoader().getResource(type.replace('.', '/') + ".class") != null;
  }

  private static Object create(String type) {
    try {
      var constructor =
          Class.forName(Commands.class.getPackageName() + '.' + type).getDeclaredConstructor();
      return constructor.newInstance();
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(type + " cannot be created", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " is no command", e);
    }
  }

  /** A stand-in for a command whose classes this distribution lacks. */
  @Command(hidden = true)
  static final class Absent implements Callable<Integer> {
    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Unmatched private final List<String> ignored = new ArrayList<>();

    @Override
    public Integer call() throws CommandException {
      throw CommandException.mistake(
          "this distribution does not include '"
              + spec.name()
              + "'; install the full Chorale instead of the worker's archive");
    }
  }
}
