package chorale.mqtt;

import chorale.protocol.Message;
import chorale.protocol.Ticker;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.ConnectionSettings;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.PublishException;
import chorale.protocol.bus.Session;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLSocketFactory;

/**
 * A {@link Bus} over Paho. A supervisor thread keeps the connection up: each attempt uses a new
 * client, subscriptions and birth messages precede everything else, and a backoff separates the
 * attempts. Only this thread offers connection events to the inbox, so they are in order.
 * Thread-safe.
 */
public final class PahoBus implements Bus {
  private static final Logger LOG = System.getLogger(PahoBus.class.getName());

  /** Limit of bytes in the outbox, besides the number of messages in the settings. */
  private static final long MAX_OUTBOX_BYTES = Runtime.getRuntime().maxMemory() / 8;

  /** Number of short connections in a row after which a warning is logged. */
  private static final int SUSPICIOUS_HOLDS = 4;

  private static final Duration WATCH = Duration.ofSeconds(1);
  private static final Duration FAREWELL = Duration.ofSeconds(2);
  private static final Duration DISCONNECT = Duration.ofSeconds(1);

  /**
   * Failures are not logged for this time, because a broker may be starting together with its
   * clients.
   */
  private static final Duration STARTING = Duration.ofSeconds(10);

  private final Client about;
  private final ConnectionSettings settings;
  private final Session session;
  private final Inbox inbox;
  private final Ticker ticker = System::nanoTime;
  private final Arrivals arrivals;
  private final Outbox outbox;
  private final Backoff backoff;
  private final Thread supervisor;

  /** The connection for outgoing messages; written by the supervisor. */
  private volatile Optional<Connection> current = Optional.empty();

  private volatile boolean closing;

  // Owned by the supervisor.
  private String lastFailure = "";
  private long withoutNanos = ticker.nanos();
  private boolean withOptional = true;
  private int shortHolds;

  /**
   * Returns a factory of buses that reconnect forever.
   *
   * @throws IllegalArgumentException if a TLS file cannot be used; names it and what is allowed
   */
  public static BusFactory factory(ConnectionSettings settings) {
    return factory(settings, WhenRefused.TRY_AGAIN);
  }

  /**
   * Returns a factory of buses.
   *
   * @throws IllegalArgumentException if a TLS file cannot be used; names it and what is allowed
   */
  public static BusFactory factory(ConnectionSettings settings, WhenRefused whenRefused) {
    Optional<SSLSocketFactory> sockets =
        !settings.broker().tls()
            ? Optional.empty()
            : Optional.of(
                settings.tls().isPresent()
                    ? TlsSockets.of(settings.tls().get())
                    : (SSLSocketFactory) SSLSocketFactory.getDefault());
    return (session, inbox) -> {
      PahoBus bus = new PahoBus(new Client(settings, session, sockets, whenRefused), inbox);
      bus.supervisor.start();
      return bus;
    };
  }

  private PahoBus(Client about, Inbox inbox) {
    this.about = about;
    this.settings = about.settings();
    this.session = about.session();
    this.inbox = inbox;
    this.arrivals = new Arrivals(session.clientId(), inbox, ticker);
    this.outbox = new Outbox(settings.outbox(), MAX_OUTBOX_BYTES, ticker);
    this.backoff = new Backoff(settings.timing(), new SplittableRandom());
    this.supervisor = daemon(this::supervise, "mqtt-supervisor-" + session.clientId());
  }

  static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public CompletionStage<Void> publish(Message message) {
    return outbox.offer(message);
  }

  @Override
  public void discardWaiting() {
    outbox.discardWaiting();
  }

  @Override
  public boolean isConnected() {
    return current.isPresent();
  }

  /** Returns whether the socket in use has TCP_NODELAY, for tests. */
  boolean isNoDelay() throws java.io.IOException {
    Optional<Connection> connection = current;
    return connection.isPresent() && connection.get().isNoDelay();
  }

  private void supervise() {
    try {
      while (!closing) {
        ConnectionException failure = connectAndHold();
        if (isEnd(failure)) {
          inbox.offer(new BusEvent.Ended(failure.getMessage()));
          outbox.close(failure.getMessage());
          return;
        }
        Thread.sleep(backoff.nextMillis(!failure.isNothingListening()));
      }
    } catch (InterruptedException e) {
      // Closed.
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "a bug in the supervisor of " + session.clientId(), e);
      String reason = "the connection to the broker failed because of a bug: " + FailureText.of(e);
      outbox.close(reason);
      inbox.offer(new BusEvent.Ended(reason));
    }
  }

  private boolean isEnd(ConnectionException failure) {
    return failure.isRefusal() && about.whenRefused() == WhenRefused.END;
  }

  /** Holds one connection from its attempt to its end; returns why it ended. */
  private ConnectionException connectAndHold() throws InterruptedException {
    boolean announced = false;
    ConnectionException failure = ConnectionException.passing("closed");
    try (Connection connection = Connection.open(about, arrivals)) {
      inbox.offer(new BusEvent.Connected());
      announced = true;
      connection.subscribe();
      subscribeOptional(connection);
      publishBirths(connection);
      failure = hold(connection);
    } catch (ConnectionException e) {
      failure = e;
    } finally {
      // The connection is closed by now, so none of its messages follows this event.
      if (announced && !isEnd(failure)) {
        inbox.offer(new BusEvent.Disconnected(closing ? "closed" : failure.getMessage()));
      }
    }
    report(failure);
    return failure;
  }

  /**
   * Makes the optional subscriptions. Some brokers end the connection over a filter that is not
   * allowed, or over too many filters; later connections then omit the optional ones.
   */
  private void subscribeOptional(Connection connection)
      throws ConnectionException, InterruptedException {
    if (withOptional) {
      withOptional = false;
      connection.subscribeOptional();
      withOptional = true;
    }
  }

  private void publishBirths(Connection connection)
      throws ConnectionException, InterruptedException {
    for (Message birth : session.births()) {
      try {
        connection.publishNow(birth);
      } catch (PublishException e) {
        LOG.log(Level.WARNING, e.getMessage());
      }
    }
  }

  private ConnectionException hold(Connection connection) throws InterruptedException {
    long sinceNanos = ticker.nanos();
    ConnectionException failure = ConnectionException.passing("closed");
    try {
      outbox.attach(connection, Math.min(settings.inFlight(), connection.receiveMaximum()));
      current = Optional.of(connection);
      inbox.offer(new BusEvent.Subscribed());
      LOG.log(Level.INFO, "connected to {0} as {1}", settings.broker(), session.clientId());
      lastFailure = "";
      failure = awaitLoss(connection);
      return failure;
    } finally {
      current = Optional.empty();
      outbox.detach(failure.isBlamed(), "the connection was lost: " + failure.getMessage());
      withoutNanos = ticker.nanos();
      judgeHold(withoutNanos - sinceNanos);
    }
  }

  private static ConnectionException awaitLoss(Connection connection) throws InterruptedException {
    Optional<ConnectionException> loss = Optional.empty();
    while (loss.isEmpty()) {
      loss = connection.awaitLoss(WATCH);
    }
    return loss.get();
  }

  /** Resets the backoff after a long connection; warns after several short ones. */
  private void judgeHold(long heldNanos) {
    if (heldNanos >= settings.timing().backoffMax().toNanos()) {
      backoff.reset();
      shortHolds = 0;
    } else if (++shortHolds == SUSPICIOUS_HOLDS && !closing) {
      // Mosquitto 2.0 gives no reason when it closes a connection that was taken over.
      LOG.log(
          Level.WARNING,
          "the broker closed {0} connections of {1} soon after it had granted them;"
              + " is another client running under this client id?",
          shortHolds,
          session.clientId());
    }
  }

  /** Logs a failure once, and again only if the reason changes. */
  private void report(ConnectionException failure) {
    String reason = failure.getMessage();
    boolean starting =
        failure.isNothingListening() && ticker.nanos() - withoutNanos < STARTING.toNanos();
    if (!closing && !starting && !isEnd(failure) && !reason.equals(lastFailure)) {
      LOG.log(
          Level.WARNING,
          "no connection to {0} as {1}: {2}; trying again",
          settings.broker(),
          session.clientId(),
          reason);
      lastFailure = reason;
    }
  }

  @Override
  public void close() {
    if (closing) {
      return;
    }
    closing = true;
    try {
      Optional<Connection> connection = current;
      if (connection.isPresent()) {
        sayFarewell();
        connection.get().disconnect(DISCONNECT);
      }
      supervisor.interrupt();
      supervisor.join(FAREWELL.toMillis());
    } catch (InterruptedException e) {
      supervisor.interrupt();
      Thread.currentThread().interrupt();
    }
    outbox.close("closed");
  }

  /** Sends the last will's message through the outbox, after all messages published before. */
  private void sayFarewell() throws InterruptedException {
    if (session.will().isPresent()) {
      try {
        outbox
            .offer(session.will().get())
            .toCompletableFuture()
            .get(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException | TimeoutException e) {
        // The broker is unreachable; it detects the loss of this client by keep-alive.
        LOG.log(Level.DEBUG, "the closing message of {0} did not arrive", session.clientId());
      }
    }
  }
}
