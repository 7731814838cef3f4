package chorale.cli;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Notifications to systemd for a unit of type {@code notify}: ready, watchdog, stopping
 * (sd_notify(3)). Runs {@code systemd-notify}, because Java 17 has no Unix datagram sockets. Does
 * nothing without systemd. Owned by the thread of the service.
 */
public final class Supervisor {
  private static final System.Logger LOG = System.getLogger(Supervisor.class.getName());

  /** The longest wait of an idle service without a watchdog. */
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final boolean listens;
  private final Optional<Long> watchdogNanos;
  private long aliveNanos;

  private Supervisor(boolean listens, Optional<Long> watchdogMicros) {
    this.listens = listens;
    this.watchdogNanos = watchdogMicros.map(TimeUnit.MICROSECONDS::toNanos);
  }

  /** Returns a supervisor from {@code NOTIFY_SOCKET} and {@code WATCHDOG_USEC}. */
  public static Supervisor ofEnvironment() {
    return new Supervisor(
        System.getenv("NOTIFY_SOCKET") != null,
        Optional.ofNullable(System.getenv("WATCHDOG_USEC"))
            .filter(text -> text.matches("[1-9][0-9]{0,14}"))
            .map(Long::valueOf));
  }

  /** Reports that the service has started. */
  public void ready() {
    aliveNanos = System.nanoTime();
    tell("READY=1");
  }

  /** Resets the watchdog when due; call it at least every {@link #aliveEveryNanos}. */
  public void alive() {
    if (!isWatching()) {
      return;
    }
    long now = System.nanoTime();
    if (now - aliveNanos >= aliveEveryNanos()) {
      aliveNanos = now;
      tell("WATCHDOG=1");
    }
  }

  /** Returns whether the unit has a watchdog. */
  public boolean isWatching() {
    return listens && watchdogNanos.isPresent();
  }

  /** Returns the longest time between two calls of {@link #alive}. */
  public long aliveEveryNanos() {
    return watchdogNanos.map(nanos -> nanos / 3).orElse(IDLE_NANOS);
  }

  /** Reports that the service is about to end. */
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
      LOG.log(
          Level.WARNING,
          "cannot run systemd-notify, so systemd does not receive this service''s state: {0}",
          e.getMessage());
    }
  }
}
