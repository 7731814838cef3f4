package chorale.cli;

import chorale.protocol.bus.Service;
import chorale.protocol.bus.ServiceEndedException;
import java.util.function.BooleanSupplier;

/** The event loop of every service: a turn, then a wait for a message or the next due time. */
public final class ServiceLoop {
  private static final long LEAVING_TURN_NANOS = 20_000_000L;

  private ServiceLoop() {}

  /**
   * Runs the service on the calling thread until the work is done, or until a stop is requested and
   * the service has left. Does not close the service.
   */
  public static void run(Service service, Stop stop, BooleanSupplier done)
      throws ServiceEndedException, InterruptedException {
    Supervisor supervisor = Supervisor.ofEnvironment();
    supervisor.ready();
    stop.onRequest(service.inbox()::wake);
    while (!stop.isRequested()) {
      long nanos = service.runOnce();
      if (done.getAsBoolean()) {
        return;
      }
      supervisor.alive();
      service.inbox().await(Math.min(nanos, supervisor.aliveEveryNanos()));
    }
    supervisor.stopping();
    service.leave();
    for (long nanos = service.runOnce(); !service.hasLeft(); nanos = service.runOnce()) {
      service.inbox().await(Math.min(nanos, LEAVING_TURN_NANOS));
    }
  }

  /**
   * Runs a service until a stop is requested.
   *
   * @param afterTurn runs after each turn, on the calling thread
   */
  public static void run(Service service, Stop stop, Runnable afterTurn)
      throws ServiceEndedException, InterruptedException {
    run(
        service,
        stop,
        () -> {
          afterTurn.run();
          return false;
        });
  }
}
