package chorale.dashboard.web;

import chorale.dashboard.Dashboard;
import chorale.dashboard.Tab;
import chorale.monitoring.http.Refusal;
import chorale.protocol.Bytes;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * The event streams of open pages (Server-sent events, WHATWG HTML section 9.2), with one thread
 * per open page. Thread-safe.
 */
final class EventStreams {
  private static final System.Logger LOG = System.getLogger(EventStreams.class.getName());
  private static final long TURN_MILLIS = 5_000;
  private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] RETRY = "retry: 1000\n\n".getBytes(StandardCharsets.US_ASCII);

  private final Dashboard dashboard;
  private final Logins logins;
  private final Executor threads;

  EventStreams(Dashboard dashboard, Logins logins, Executor threads) {
    this.dashboard = dashboard;
    this.logins = logins;
    this.threads = threads;
  }

  /** Starts a stream, which closes the exchange at its end. */
  void open(HttpExchange exchange, Viewer viewer) throws IOException, Refusal {
    Tab tab = dashboard.open(viewer.pictures()).orElseThrow(EventStreams::tooManyPages);
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.getResponseHeaders().set("X-Accel-Buffering", "no");
    try {
      threads.execute(() -> stream(exchange, tab, viewer));
    } catch (RejectedExecutionException e) {
      tab.close();
      throw tooManyPages();
    }
  }

  private static Refusal tooManyPages() {
    return new Refusal(503, "too many open pages (allowed: " + Dashboard.MAX_TABS + "); close one");
  }

  private void stream(HttpExchange exchange, Tab tab, Viewer viewer) {
    tab.onClose(Thread.currentThread()::interrupt); // ends a blocked write
    try {
      exchange.sendResponseHeaders(200, 0);
      OutputStream out = exchange.getResponseBody();
      out.write(RETRY);
      while (!tab.isClosed() && logins.isStillAllowed(viewer)) {
        Optional<Bytes> event = tab.take(TURN_MILLIS);
        if (event.isPresent()) {
          out.write(DATA);
          out.write(event.get().sharedArray());
          out.write(END);
          out.flush();
        }
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "page closed: {0}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      tab.close();
      exchange.close();
    }
  }
}
