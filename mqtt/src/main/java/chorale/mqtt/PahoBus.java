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
 * A bus over Paho. A supervisor thread of its own holds the connection for ever: a new client for
 * every attempt, subscriptions granted and births published before anything else goes out, backoff
 * between attempts. All changes of the connection are offered to the inbox by that one thread, in
 * order.
 */
public final class PahoBus implements Bus {
  private static final Logger LOG = System.getLogger(PahoBus.class.getName());

  /** What may wait in the outbox, besides the number of messages that the settings allow. */
  private static final long MAX_OUTBOX_BYTES = Runtime.getRuntime().maxMemory() / 8;

  /** Connections in a row that were granted and soon lost, before the user is told. */
  private static final int SUSPICIOUS_HOLDS = 4;

  private static final Duration WATCH = Duration.ofSeconds(1);
  private static final Duration FAREWELL = Duration.ofSeconds(2);
  private static final Duration DISCONNECT = Duration.ofSeconds(1);

  private final Client about;
  private final ConnectionSettings settings;
  private final Session session;
  private final Inbox inbox;
  private final Ticker ticker = System::nanoTime;
  private final Arrivals arrivals;
  private final Outbox outbox;
  private final Backoff backoff;
  private final Thread supervisor;

  /** The connection over which messages go out; written by the supervisor. */
  private volatile Optional<Connection> current = Optional.empty();

  private volatile boolean closing;

  // Owned by the supervisor.
  private String lastFailure = "";
  private boolean withOptional = true;
  private int shortHolds;

  /**
   * Buses to one broker, which try for ever.
   *
   * @throws IllegalArgumentException a TLS file cannot be used: names it and what is allowed
   */
  public static BusFactory factory(ConnectionSettings settings) {
    return factory(settings, WhenRefused.TRY_AGAIN);
  }

  /**
   * Buses to one broker.
   *
   * @throws IllegalArgumentException a TLS file cannot be used: names it and what is allowed
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

  /** Whether the socket in use sends without delay, for the test. */
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
      String reason = "the connection's supervisor failed: " + FailureText.of(e);
      outbox.close(reason);
      inbox.offer(new BusEvent.Ended(reason));
    }
  }

  private boolean isEnd(ConnectionException failure) {
    return failure.isRefusal() && about.whenRefused() == WhenRefused.END;
  }

  /** One connection from its attempt to its end; returns why it ended. */
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
      // The connection is closed by now, so that nothing it delivers comes after this.
      if (announced && !isEnd(failure)) {
        inbox.offer(new BusEvent.Disconnected(closing ? "closed" : failure.getMessage()));
      }
    }
    report(failure);
    return failure;
  }

  /**
   * Some brokers end the connection over a filter that is not allowed, or over too many of them.
   * Optional ones are not asked for again then.
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
      judgeHold(ticker.nanos() - sinceNanos);
    }
  }

  private static ConnectionException awaitLoss(Connection connection) throws InterruptedException {
    Optional<ConnectionException> loss = Optional.empty();
    while (loss.isEmpty()) {
      loss = connection.awaitLoss(WATCH);
    }
    return loss.get();
  }

  /** A connection that held starts the backoff anew; several that did not are suspicious. */
  private void judgeHold(long heldNanos) {
    if (heldNanos >= settings.timing().backoffMax().toNanos()) {
      backoff.reset();
      shortHolds = 0;
    } else if (++shortHolds == SUSPICIOUS_HOLDS && !closing) {
      // Mosquitto 2.0 closes the connection of a client that is taken over without a word.
      LOG.log(
          Level.WARNING,
          "the broker closed {0} connections of {1} soon after it had granted them;"
              + " is another client running under this client id?",
          shortHolds,
          session.clientId());
    }
  }

  /** Says what is wrong once, and again when it is something else. */
  private void report(ConnectionException failure) {
    String reason = failure.getMessage();
    if (!closing && !isEnd(failure) && !reason.equals(lastFailure)) {
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

  /** Comes last through the outbox, so that what was published before is out first. */
  private void sayFarewell() throws InterruptedException {
    if (session.will().isPresent()) {
      try {
        outbox
            .offer(session.will().get())
            .toCompletableFuture()
            .get(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException | TimeoutException e) {
        LOG.log(Level.WARNING, "the farewell of {0} did not reach the broker", session.clientId());
      }
    }
  }
}
