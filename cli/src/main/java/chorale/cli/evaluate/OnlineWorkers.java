package chorale.cli.evaluate;

import chorale.cli.Buses;
import chorale.cli.CommandException;
import chorale.config.Settings;
import chorale.protocol.Topics;
import chorale.protocol.WorkerInfo;
import chorale.protocol.bus.ServiceEndedException;
import chorale.site.FleetWatch;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A query for the online workers of a site, by their retained messages. Stateless. */
final class OnlineWorkers {
  /** Retained messages arrive within this time after the subscription. */
  private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(800);

  private static final String WITHOUT_BROKER =
      "; to plan without a broker, use --board NAME=FACTOR";

  private OnlineWorkers() {}

  static List<WorkerInfo> of(Settings settings) throws CommandException, InterruptedException {
    String client = "chorale-plan-" + HexFormat.of().toHexDigits(new SecureRandom().nextLong());
    String broker = settings.connection().broker().toString();
    long patience =
        settings.connection().timing().connectTimeout().toNanos() + TimeUnit.SECONDS.toNanos(1);
    long started = System.nanoTime();
    try (FleetWatch fleet =
        new FleetWatch(new Topics(settings.site()), Buses.of(settings.connection()), client)) {
      while (!fleet.isSubscribed()) {
        fleet.inbox().await(fleet.runOnce());
        if (!fleet.isSubscribed() && System.nanoTime() - started > patience) {
          throw CommandException.failure(
              broker
                  + ": the online workers cannot be read: "
                  + fleet.trouble().orElse("no answer")
                  + WITHOUT_BROKER);
        }
      }
      long subscribed = System.nanoTime();
      while (System.nanoTime() - subscribed < QUIET_NANOS) {
        fleet.inbox().await(fleet.runOnce());
      }
      fleet.runOnce();
      List<WorkerInfo> online = fleet.workers();
      if (online.isEmpty()) {
        throw CommandException.failure(
            "no worker of site '%s' is online at %s%s"
                .formatted(settings.site(), broker, WITHOUT_BROKER));
      }
      return online;
    } catch (ServiceEndedException e) {
      throw CommandException.failure(broker + ": " + e.getMessage());
    }
  }
}
