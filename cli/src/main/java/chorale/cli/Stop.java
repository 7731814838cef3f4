package chorale.cli;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A request to end this process, by SIGINT, SIGTERM or the end of its parent. Thread-safe. The
 * first request asks the service to end. With {@link #onSignals}, a second request, or 10 s without
 * an end, halts the process.
 *
 * <p>Signal handlers are used because a shutdown hook cannot set exit code 0 after an orderly end.
 * {@code sun.misc.Signal} is called by reflection because the compiler's warning about it cannot be
 * disabled.
 */
public final class Stop {
  private static final long PATIENCE_MILLIS = 10_000;

  private final CountDownLatch requested = new CountDownLatch(1);
  private final AtomicReference<Runnable> wake = new AtomicReference<>(() -> {});

  /** Halts the process; does nothing for a stop within a process. */
  private final Runnable halt;

  /** A stop within a process that goes on: it never halts the process. */
  public Stop() {
    this(() -> {});
  }

  private Stop(Runnable halt) {
    this.halt = halt;
  }

  /**
   * Returns a stop that is requested by SIGINT or SIGTERM, where the platform has these signals.
   */
  public static Stop onSignals() {
    Stop stop = new Stop(() -> Runtime.getRuntime().halt(ExitCodes.FAILURE));
    stop.listenTo("INT");
    stop.listenTo("TERM");
    return stop;
  }

  /**
   * Requests the stop when the parent process ends. The parent holds the other end of this pipe;
   * the kernel closes it however the parent ends, even with SIGKILL.
   */
  public void onEndOf(InputStream pipe) {
    Thread reader =
        new Thread(
            () -> {
              try {
                byte[] ignored = new byte[256];
                while (pipe.read(ignored) >= 0) {
                  // The parent sends nothing.
                }
              } catch (IOException e) {
                // The same as the end of the pipe.
              }
              // Ctrl-C in a terminal reaches parent and child: this is not a second request.
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
   * Waits at most this long for a request.
   *
   * @return whether the stop is requested
   */
  public boolean await(long nanos) throws InterruptedException {
    return requested.await(nanos, TimeUnit.NANOSECONDS);
  }

  /**
   * Sets an action to run at the request, on another thread, or now if it was requested already.
   * The action must be short.
   */
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
      // This platform has no such signal, or the JVM reserves it: the default action stays.
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no sun.misc.Signal in this Java", e);
    }
  }
}
