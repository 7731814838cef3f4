package chorale.cli;

import chorale.protocol.bus.Service;
import chorale.protocol.bus.ServiceEndedException;
import java.util.function.BooleanSupplier;

/** The main loop of every service: a turn, then a wait for whatever comes first. */
public final class ServiceLoop {
  private ServiceLoop() {}

  /**
   * Turns until the stop is requested or the work is done, on the calling thread. Does not close
   * the service.
   */
  public static void run(Service service, Stop stop, BooleanSupplier done)
      throws ServiceEndedException, InterruptedException {
    stop.onRequest(service.inbox()::wake);
    while (!stop.isRequested()) {
      long nanos = service.runOnce();
      if (done.getAsBoolean()) {
        return;
      }
      service.inbox().await(nanos);
    }
  }

  /** The same for a service that has no end of its own, telling of its connection. */
  public static void run(Service service, Stop stop, ConnectionReporter reporter)
      throws ServiceEndedException, InterruptedException {
    run(
        service,
        stop,
        () -> {
          reporter.look();
          return false;
        });
  }
}
