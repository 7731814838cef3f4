package chorale.broker;

import chorale.config.BrokerSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/** A broker in a separate process, with a heap chosen by the test. Ends at the end of its input. */
final class SmallBroker {
  private SmallBroker() {}

  /**
   * Prints its port.
   *
   * @param args a new folder, and a users file if there are users
   */
  public static void main(String[] args) throws Exception {
    Path scratch = Files.createDirectory(Path.of(args[0]));
    try (EmbeddedBroker broker =
        EmbeddedBroker.start(
            args.length > 1
                ? BrokerUsers.settings(Path.of(args[1]))
                : new BrokerSettings(0, Optional.empty(), "127.0.0.1"),
            scratch,
            System::nanoTime,
            Clock.systemUTC())) {
      System.out.println("port " + broker.port());
      while (System.in.read() >= 0) {}
    }
    System.exit(0); // HiveMQ's threads are still running
  }
}
