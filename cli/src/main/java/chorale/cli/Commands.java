package chorale.cli;

import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/**
 * The subcommands and what each needs on the class path. A worker's distribution carries neither
 * the broker nor the aggregator nor the publisher: their commands are left out of the help there
 * and say so when they are called.
 */
final class Commands {
  /**
   * @param summary its line in the list of commands
   * @param type the command's class, below this package, loaded only where everything it needs is
   *     there
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
              "All of it on this machine, with pictures: the place to begin.",
              "camera.DemoCommand",
              List.of(BROKER, WORKER, AGGREGATOR, PUBLISHER, SITE)),
          new Entry(
              "broker",
              "The MQTT broker that comes with Chorale.",
              "service.BrokerCommand",
              List.of(BROKER, SITE)),
          new Entry(
              "worker",
              "Runs one variant; one on each board.",
              "service.WorkerCommand",
              List.of(WORKER)),
          new Entry(
              "aggregator",
              "Collects the votes and publishes one answer.",
              "service.AggregatorCommand",
              List.of(AGGREGATOR)),
          new Entry(
              "publish",
              "Publishes images as a camera does.",
              "camera.PublishCommand",
              List.of(PUBLISHER)),
          new Entry(
              "watch", "Shows results as they come.", "camera.WatchCommand", List.of(PUBLISHER)),
          new Entry(
              "status",
              "Says how a site is, and what to do.",
              "status.StatusCommand",
              List.of(DASHBOARD)),
          new Entry(
              "trust",
              "Says whether a board's votes count.",
              "status.TrustCommand",
              List.of(DASHBOARD)),
          new Entry(
              "dashboard",
              "Serves the page of a site.",
              "service.DashboardCommand",
              List.of(DASHBOARD)),
          new Entry(
              "evaluate",
              "Judges a model set on labelled images.",
              "evaluate.EvaluateCommand",
              List.of(EVALUATION, WORKER, PUBLISHER)),
          new Entry(
              "attack",
              "Judges fusion rules against lying boards.",
              "evaluate.AttackCommand",
              List.of(EVALUATION, WORKER, PUBLISHER)),
          new Entry(
              "compare",
              "Measures all strategies side by side.",
              "evaluate.CompareCommand",
              List.of(BROKER, WORKER, AGGREGATOR, PUBLISHER, EVALUATION, SITE)),
          new Entry(
              "torture",
              "Checks a site under faults.",
              "torture.TortureCommand",
              List.of(BROKER, WORKER, AGGREGATOR, EVALUATION, SITE)),
          new Entry(
              "bench", "Measures how fast all of it is.", "BenchCommand", List.of(EVALUATION)),
          new Entry(
              "plan",
              "Chooses which board runs which variant.",
              "evaluate.PlanCommand",
              List.of(EVALUATION, SITE)),
          new Entry(
              "setup",
              "Makes a secured site: users, passwords, TLS.",
              "setup.SetupCommand",
              List.of(SETUP)),
          new Entry(
              "passwd",
              "Sets a user's password at the broker.",
              "setup.PasswdCommand",
              List.of(SETUP)),
          new Entry("config", "Prints the settings in force.", "doctor.ConfigCommand", List.of()),
          new Entry(
              "doctor",
              "Says what is wrong with this machine, and what to do.",
              "doctor.DoctorCommand",
              List.of(WORKER)),
          new Entry(
              "import-cifar10",
              "Turns CIFAR-10's archive into pictures.",
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

  /** Stands in for a command whose parts this distribution lacks. */
  @Command(hidden = true)
  static final class Absent implements Callable<Integer> {
    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Unmatched private final List<String> ignored = new ArrayList<>();

    @Override
    public Integer call() throws CommandException {
      throw CommandException.mistake(
          "this distribution does not carry '"
              + spec.name()
              + "': it is part of the full Chorale, not of a worker's archive");
    }
  }
}
