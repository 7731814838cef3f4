package chorale.cli;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The request to end this process, from SIGINT, SIGTERM or a parent that is gone. Safe for several
 * threads. The first request asks; where signals are listened to, a second one, or ten seconds
 * without an end, ends the process at once.
 *
 * <p>Signals are handled rather than left to shutdown hooks, because a service that was asked to
 * end and did should tell the shell 0, and a hook cannot. {@code sun.misc.Signal} is reached by
 * reflection: it is exported to all by jdk.unsupported, but the compiler's warning about it cannot
 * be switched off.
 */
public final class Stop {
  private static final long PATIENCE_MILLIS = 10_000;

  private final CountDownLatch requested = new CountDownLatch(1);
  private final AtomicReference<Runnable> wake = new AtomicReference<>(() -> {});

  /** Ends the process at once. */
  private final Runnable halt;

  /** Of something within a process that goes on: it only asks, and never ends the process. */
  public Stop() {
    this(() -> {});
  }

  private Stop(Runnable halt) {
    this.halt = halt;
  }

  /** Listens to SIGINT and SIGTERM, where the platform has them. */
  public static Stop onSignals() {
    Stop stop = new Stop(() -> Runtime.getRuntime().halt(ExitCodes.FAILURE));
    stop.listenTo("INT");
    stop.listenTo("TERM");
    return stop;
  }

  /**
   * Ends with the parent: it holds the other end of this pipe, which the kernel closes however the
   * parent ends, kill -9 included.
   */
  public void onEndOf(InputStream pipe) {
    Thread reader =
        new Thread(
            () -> {
              try {
                byte[] ignored = new byte[256];
                while (pipe.read(ignored) >= 0) {
                  // Nothing is expected here but the end.
                }
              } catch (IOException e) {
                // As good as the end.
              }
              // A terminal's Ctrl-C reaches parent and child alike: not a second request.
              if (!isRequested()) {
                request();
              }
            },
            "until-stdin-closes");
    reader.setDaemon(true);
    reader.start();
  }

  public boolean isRequested() {
    return requested.getCount() == 0;
  }

  /**
   * Waits for a while.
   *
   * @return whether an end is requested
   */
  public boolean await(long nanos) throws InterruptedException {
    return requested.await(nanos, TimeUnit.NANOSECONDS);
  }

  /** Runs when an end is requested, or now if it has been; on another thread, and shortly. */
  public void onRequest(Runnable action) {
    wake.set(action);
    if (isRequested()) {
      action.run();
    }
  }

  public void request() {
    if (isRequested()) {
      halt.run();
      return;
    }
    requested.countDown();
    Thread guard = new Thread(this::endAnyway, "end-anyway");
    guard.setDaemon(true);
    guard.start();
    wake.get().run();
  }

  private void endAnyway() {
    try {
      Thread.sleep(PATIENCE_MILLIS);
      halt.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void listenTo(String name) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object ours =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  request();
                  return null;
                }
                return method.getName().equals("hashCode") ? (Object) 0 : proxy == arguments[0];
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), ours);
    } catch (InvocationTargetException e) {
      // This platform has no such signal, or the virtual machine keeps it: the default stays.
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no sun.misc.Signal in this Java", e);
    }
  }
}
