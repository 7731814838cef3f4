package chorale.cli;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The systemd that started this process as a unit of type {@code notify}: it is told that the
 * service is ready, that it is alive and that it ends (sd_notify(3)). By the command {@code
 * systemd-notify}, because Java 17 has no datagram sockets of Unix. Elsewhere nothing happens.
 * Owned by the thread of the service.
 */
public final class Supervisor {
  private static final System.Logger LOG = System.getLogger(Supervisor.class.getName());

  /** Without a watchdog, between two looks at a service that has nothing to do. */
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final boolean listens;
  private final Optional<Long> watchdogNanos;
  private long aliveNanos;

  private Supervisor(boolean listens, Optional<Long> watchdogMicros) {
    this.listens = listens;
    this.watchdogNanos = watchdogMicros.map(TimeUnit.MICROSECONDS::toNanos);
  }

  /** As the environment says. */
  public static Supervisor ofEnvironment() {
    return new Supervisor(
        System.getenv("NOTIFY_SOCKET") != null,
        Optional.ofNullable(System.getenv("WATCHDOG_USEC"))
            .filter(text -> text.matches("[1-9][0-9]{0,14}"))
            .map(Long::valueOf));
  }

  /** The service has started. */
  public void ready() {
    aliveNanos = System.nanoTime();
    tell("READY=1");
  }

  /** The service goes on; call it at least every {@link #aliveEveryNanos}. */
  public void alive() {
    long now = System.nanoTime();
    if (watchdogNanos.isPresent() && now - aliveNanos >= aliveEveryNanos()) {
      aliveNanos = now;
      tell("WATCHDOG=1");
    }
  }

  /** Whether the unit has a watchdog. */
  public boolean isWatching() {
    return listens && watchdogNanos.isPresent();
  }

  /** How long a service may wait between two signs of life. */
  public long aliveEveryNanos() {
    return watchdogNanos.map(nanos -> nanos / 3).orElse(IDLE_NANOS);
  }

  /** The service was asked to end. */
  public void stopping() {
    tell("STOPPING=1");
  }

  private void tell(String variable) {
    if (!listens) {
      return;
    }
    try {
      new ProcessBuilder("systemd-notify", variable)
          .redirectOutput(Redirect.DISCARD)
          .redirectError(Redirect.DISCARD)
          .start()
          .getOutputStream()
          .close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "systemd is not told how this service is: {0}", e.getMessage());
    }
  }
}
