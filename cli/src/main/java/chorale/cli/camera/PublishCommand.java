package chorale.cli.camera;

import chorale.cli.Buses;
import chorale.cli.CommandException;
import chorale.cli.CommonOptions;
import chorale.cli.ExitCodes;
import chorale.cli.ServiceLoop;
import chorale.cli.Stop;
import chorale.cli.Terminal;
import chorale.config.Settings;
import chorale.protocol.Topics;
import chorale.protocol.bus.BusFactory;
import chorale.publisher.FollowedFolder;
import chorale.publisher.ImageListing;
import chorale.publisher.ImageSource;
import chorale.publisher.PublishReport;
import chorale.publisher.Publisher;
import chorale.publisher.SourceException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chorale publish}: publishes images from files, folders and zip files as a camera. */
@Command(
    name = "publish",
    description = "Publish images as a camera does, and show the result of each.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Folders named like the classes (cat/1.jpg, dog/7.jpg) label the images, also in a zip"
          + " file. With labels, the accuracy is shown. Other folder names are ignored.",
      "Exit code 0: every published image got a result. 1: some got none, or no image was"
          + " published."
    })
public final class PublishCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;
  @Mixin private PublishOptions options;

  @Parameters(
      arity = "1..*",
      paramLabel = "PATH",
      description = "Image files (.jpg .jpeg .png), folders, zip files.")
  private List<Path> paths = List.of();

  @Option(
      names = "--camera",
      paramLabel = "NAME",
      description = "The camera's name. Default: folder.")
  private Optional<String> camera = Optional.empty();

  @Option(
      names = "--follow",
      description = {
        "Publish each new file in the folder and its subfolders, until Ctrl-C. A file is published"
            + " once it is complete. A file that keeps changing is published once a second."
      })
  private boolean follow;

  @Override
  public Integer call() throws Exception {
    Settings settings =
        common.load(options.addTo(new CommonOptions.Flags().set("publisher.camera", camera)));
    if (follow) {
      try (ImageSource source = followed(settings)) {
        return publish(settings, source);
      }
    }
    try (ImageListing listing = listing(settings)) {
      return publish(settings, options.sample(listing).orElseGet(listing::all));
    }
  }

  private ImageListing listing(Settings settings) throws CommandException {
    try {
      return ImageListing.of(paths, PublishOptions.maxBytes(settings));
    } catch (SourceException e) {
      throw CommandException.mistake(e.getMessage());
    }
  }

  private ImageSource followed(Settings settings) throws CommandException {
    if (paths.size() != 1) {
      throw CommandException.mistake("--follow: " + paths.size() + " paths; allowed: one folder");
    }
    try {
      ImageSource all =
          new FollowedFolder(
              paths.get(0),
              PublishOptions.maxBytes(settings),
              FollowedFolder.LOOK_EVERY,
              System::nanoTime);
      return options.count().map(all::first).orElse(all);
    } catch (SourceException e) {
      throw CommandException.mistake(e.getMessage());
    }
  }

  private int publish(Settings settings, ImageSource source) throws Exception {
    Stop stop = Stop.onSignals();
    Terminal terminal = Terminal.of(spec.commandLine().getOut());
    long started = System.nanoTime();
    RunView view = new RunView(terminal, source.total(), true);
    PublishReport report;
    Set<String> otherFolders;
    boolean ended;
    try (view;
        Publisher publisher =
            new Publisher(
                settings.publisher(),
                follow
                    ? dependencies(settings, Buses.lasting(settings.connection()))
                    : dependencies(settings),
                source,
                view)) {
      ServiceLoop.run(publisher, stop, publisher::isFinished);
      report = publisher.report();
      otherFolders = publisher.otherFolders();
      ended = publisher.isFinished() && report.requests() > 0;
    }
    view.summary(report, Duration.ofNanos(System.nanoTime() - started));
    view.leftOut(source.leftOut(), otherFolders);
    options.write(report);
    return (ended || follow) && report.isComplete() ? ExitCodes.OK : ExitCodes.FAILURE;
  }

  static Publisher.Dependencies dependencies(Settings settings) throws CommandException {
    return dependencies(settings, Buses.of(settings.connection()));
  }

  private static Publisher.Dependencies dependencies(Settings settings, BusFactory buses) {
    return new Publisher.Dependencies(
        new Topics(settings.site()), buses, System::nanoTime, new SecureRandom().nextInt());
  }
}
