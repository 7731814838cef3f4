package chorale.mqtt;

import chorale.protocol.Limits;
import chorale.protocol.Message;
import chorale.protocol.bus.ConnectionSettings;
import chorale.protocol.bus.PublishException;
import chorale.protocol.bus.Session;
import chorale.protocol.bus.Subscription;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.internal.ClientComms;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttSubscription;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/**
 * One connection of one Paho client, from its attempt to its loss; never used again. The supervisor
 * of {@link PahoBus} opens, waits and closes; {@link #send} may be called by any thread.
 */
final class Connection implements Outbox.Link, AutoCloseable {
  /** What a broker may send us: the largest image, and room for its topic and properties. */
  private static final long MAX_PACKET_BYTES = Limits.MAX_IMAGE_BYTES + 64 * 1024L;

  /** Paho's sender, receiver, callback and connect, and its pings. */
  private static final int THREADS = 5;

  private static final int END_ATTEMPTS = 100;
  private static final int END_MILLIS = 100;

  private final ConnectionSettings settings;
  private final Session session;
  private final NoDelaySockets sockets;
  private final ScheduledExecutorService threads;
  private final MqttAsyncClient client;
  private final PatchedConnectionState state;

  private final Arrivals arrivals;

  /** Completed once, with why the connection did not hold. */
  private final CompletableFuture<ConnectionException> loss;

  private Connection(
      ConnectionSettings settings, Session session, NoDelaySockets sockets, Arrivals arrivals)
      throws MqttException {
    this.settings = settings;
    this.session = session;
    this.sockets = sockets;
    this.arrivals = arrivals;
    this.loss = arrivals.loss();
    this.threads =
        Executors.newScheduledThreadPool(
            THREADS, work -> PahoBus.daemon(work, "mqtt-" + session.clientId()));
    // The default persistence would write files into the working directory.
    this.client =
        new MqttAsyncClient(
            pahoUri(settings.broker()), session.clientId(), new MemoryPersistence(), null, threads);
    this.state = PatchedConnectionState.install(client);
    client.setCallback(arrivals);
    ReceivePath.shorten(client, arrivals);
  }

  /** Connects, and waits for CONNACK. */
  static Connection open(
      ConnectionSettings settings, Session session, NoDelaySockets sockets, Arrivals arrivals)
      throws ConnectionException, InterruptedException {
    Connection connection;
    try {
      connection = new Connection(settings, session, sockets, arrivals);
    } catch (MqttException e) {
      throw ConnectionException.of(e, session.clientId());
    }
    try {
      connection.connect();
      arrivals.granted();
      return connection;
    } catch (ConnectionException | InterruptedException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private void connect() throws ConnectionException, InterruptedException {
    Answer answer = new Answer();
    try {
      client.connect(options(), null, answer);
    } catch (MqttException e) {
      throw failure(e);
    }
    answer.await(settings.timing().connectTimeout(), "the broker did not answer CONNECT");
  }

  private MqttConnectionOptions options() {
    MqttConnectionOptions options = new MqttConnectionOptions();
    options.setAutomaticReconnect(false);
    options.setCleanStart(true);
    options.setSessionExpiryInterval(0L);
    options.setKeepAliveInterval((int) Math.max(1, settings.timing().keepAlive().toSeconds()));
    options.setConnectionTimeout((int) Math.max(1, settings.timing().connectTimeout().toSeconds()));
    options.setMaximumPacketSize(MAX_PACKET_BYTES);
    options.setUseSubscriptionIdentifiers(false);
    options.setSocketFactory(sockets.forPaho());
    options.setHttpsHostnameVerificationEnabled(true);
    settings
        .credentials()
        .ifPresent(
            credentials -> {
              options.setUserName(credentials.user());
              options.setPassword(credentials.password().getBytes(StandardCharsets.UTF_8));
            });
    session
        .will()
        .ifPresent(
            will -> {
              options.setWill(will.topic(), PahoMessages.toPaho(will));
              options.setWillMessageProperties(PahoMessages.toPaho(will.properties()));
            });
    return options;
  }

  /** Subscribes and reads every reason code: Paho counts refusals as success. */
  void subscribe() throws ConnectionException, InterruptedException {
    List<Subscription> wanted = session.subscriptions();
    if (wanted.isEmpty()) {
      return;
    }
    Answer answer = new Answer();
    try {
      // The one form that neither throws nor recurses (paho.mqtt.java #826, #863).
      client.subscribe(
          wanted.stream().map(Connection::toPaho).toArray(MqttSubscription[]::new),
          null,
          answer,
          new MqttProperties());
    } catch (MqttException e) {
      throw failure(e);
    }
    IMqttToken token =
        answer.await(settings.timing().connectTimeout(), "the broker did not answer SUBSCRIBE");
    int[] codes = token.getReasonCodes();
    for (int i = 0; i < wanted.size(); i++) {
      int code = codes != null && i < codes.length ? codes[i] : ReasonCodes.ERROR;
      if (ReasonCodes.isRefusal(code)) {
        throw ConnectionException.passing(
            "the broker refused the subscription to "
                + wanted.get(i).filter()
                + ": "
                + ReasonCodes.describe(code));
      }
    }
  }

  private static MqttSubscription toPaho(Subscription subscription) {
    MqttSubscription paho =
        new MqttSubscription(subscription.filter(), PahoMessages.level(subscription.qos()));
    paho.setRetainHandling(subscription.retained() ? 0 : 2);
    // The flag on delivery then means: sent because it was kept.
    paho.setRetainAsPublished(false);
    return paho;
  }

  /** Publishes, and waits until the broker has taken or refused it. */
  void publishNow(Message message)
      throws ConnectionException, InterruptedException, PublishException {
    CompletableFuture<Optional<PublishException>> taken = new CompletableFuture<>();
    var unused = loss.thenAccept(taken::completeExceptionally);
    send(message, taken::complete);
    Optional<PublishException> refusal =
        await(taken, settings.timing().connectTimeout(), "the broker did not answer PUBLISH");
    if (refusal.isPresent()) {
      throw refusal.get();
    }
  }

  @Override
  public void send(Message message, Consumer<Optional<PublishException>> taken) {
    Optional<Long> most = state.brokerMaximumPacketSize();
    if (most.isPresent() && PahoMessages.packetBytes(message) > most.get()) {
      taken.accept(
          Optional.of(
              new PublishException(
                  "%d bytes for %s are more than the broker takes (%d)"
                      .formatted(message.payload().size(), message.topic(), most.get()))));
      return;
    }
    try {
      client.publish(
          message.topic(), PahoMessages.toPaho(message), null, new Acknowledgement(message, taken));
    } catch (MqttException e) {
      published(e, message, taken);
    } catch (IllegalArgumentException e) {
      taken.accept(Optional.of(new PublishException(message.topic() + ": " + e.getMessage(), e)));
    }
  }

  /** What the broker refused is reported; everything else means that the connection is lost. */
  private void published(
      Throwable failure, Message message, Consumer<Optional<PublishException>> taken) {
    if (failure instanceof MqttException e && ReasonCodes.isRefusal(e.getReasonCode())) {
      taken.accept(Optional.of(refused(message, e.getReasonCode())));
    } else {
      loss.complete(failure(failure));
    }
  }

  private static PublishException refused(Message message, int code) {
    return new PublishException(
        "the broker refused a message on " + message.topic() + ": " + ReasonCodes.describe(code));
  }

  /** At-least-once messages that the broker takes unacknowledged. */
  int receiveMaximum() {
    return state.receiveMaximum();
  }

  /** Waits for the loss of the connection, or the time to pass. */
  Optional<ConnectionException> awaitLoss(Duration time) throws InterruptedException {
    try {
      return Optional.of(loss.get(time.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      // A client can die without a word.
      return client.isConnected()
          ? Optional.empty()
          : Optional.of(ConnectionException.passing("connection lost"));
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Says goodbye to the broker, so that it discards the will; then still to be closed. */
  void disconnect(Duration atMost) throws InterruptedException {
    Answer answer = new Answer();
    try {
      client.disconnect(0, null, answer, 0, new MqttProperties());
      answer.await(atMost, "the broker did not take DISCONNECT");
    } catch (MqttException | ConnectionException e) {
      // It is lost then, and the will speaks.
    }
  }

  /**
   * Gives the client up without waiting for it: the socket is closed first, which ends every call
   * that hangs, the rest is left to a thread of its own.
   */
  @Override
  public void close() {
    arrivals.stop();
    loss.complete(ConnectionException.passing("closed"));
    sockets.close();
    PahoBus.daemon(
            () -> {
              try {
                client.disconnectForcibly(0, 0, false);
              } catch (MqttException e) {
                // Not connected: nothing to give up.
              }
              // From here on nothing more starts. What has is forgotten by the client once closed.
              threads.shutdownNow();
              List<Object> parts = startedParts();
              try {
                client.close(true);
              } catch (MqttException e) {
                // Freed by its threads' end.
              } finally {
                endThreads(parts);
              }
            },
            "mqtt-close")
        .start();
  }

  private List<Object> startedParts() {
    ClientComms comms = PahoReflection.get(client, "comms", ClientComms.class);
    return Stream.of("receiver", "sender")
        .flatMap(name -> Stream.ofNullable(PahoReflection.get(comms, name, Object.class)))
        .toList();
  }

  /**
   * Ends Paho's threads. The one that connects starts the receiver, then the sender, and waits
   * until it sees them run: for ever, if the broker has hung up by then and they have ended. So it
   * is told that they run, and fails at the next thing that it starts.
   */
  private void endThreads(List<Object> parts) {
    try {
      for (int i = 0; i < END_ATTEMPTS; i++) {
        if (threads.awaitTermination(END_MILLIS, TimeUnit.MILLISECONDS)) {
          return;
        }
        for (Object part : parts) {
          PahoReflection.replaceWithConstant(part, "current_state", "RUNNING");
          PahoReflection.replaceWithConstant(part, "target_state", "RUNNING");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  boolean isNoDelay() throws java.io.IOException {
    return sockets.isNoDelay();
  }

  private static String pahoUri(URI broker) {
    boolean tls = broker.getScheme().equals("mqtts");
    int port = broker.getPort() >= 0 ? broker.getPort() : tls ? 8883 : 1883;
    return (tls ? "ssl://" : "tcp://") + broker.getHost() + ":" + port;
  }

  private ConnectionException failure(Throwable failure) {
    if (failure instanceof MqttException e && ReasonCodes.isRefusal(e.getReasonCode())) {
      return ConnectionException.refused(e.getReasonCode(), settings);
    }
    return ConnectionException.of(failure, session.clientId());
  }

  private <T> T await(CompletableFuture<T> future, Duration atMost, String otherwise)
      throws ConnectionException, InterruptedException {
    try {
      return future.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw ConnectionException.passing(otherwise + " within " + atMost.toMillis() + " ms");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof ConnectionException known ? known : failure(e.getCause());
    }
  }

  /** What Paho's thread answers, for a thread that waits. */
  private final class Answer implements MqttActionListener {
    private final CompletableFuture<IMqttToken> token = new CompletableFuture<>();

    private Answer() {
      var unused = loss.thenAccept(token::completeExceptionally);
    }

    @Override
    public void onSuccess(IMqttToken done) {
      token.complete(done);
    }

    @Override
    public void onFailure(IMqttToken failed, Throwable why) {
      token.completeExceptionally(why);
    }

    private IMqttToken await(Duration atMost, String otherwise)
        throws ConnectionException, InterruptedException {
      return Connection.this.await(token, atMost, otherwise);
    }
  }

  /** What became of one message. Paho counts a PUBACK that refuses as success. */
  private final class Acknowledgement implements MqttActionListener {
    private final Message message;
    private final Consumer<Optional<PublishException>> taken;

    private Acknowledgement(Message message, Consumer<Optional<PublishException>> taken) {
      this.message = message;
      this.taken = taken;
    }

    @Override
    public void onSuccess(IMqttToken token) {
      int[] codes = token.getReasonCodes();
      if (codes != null && codes.length > 0 && ReasonCodes.isRefusal(codes[0])) {
        taken.accept(Optional.of(refused(message, codes[0])));
      } else {
        taken.accept(Optional.empty());
      }
    }

    @Override
    public void onFailure(IMqttToken token, Throwable why) {
      published(why, message, taken);
    }
  }
}
