package chorale.mqtt;

import chorale.protocol.Message;
import chorale.protocol.bus.PublishException;
import chorale.protocol.bus.Session;
import chorale.protocol.bus.Subscription;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttSubscription;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/**
 * A single connection of a Paho client, from the attempt to its loss; never reused. The supervisor
 * of {@link PahoBus} opens it, waits on it and closes it. Any thread may call {@link #send}.
 */
final class Connection implements Outbox.Link, AutoCloseable {
  private final Client about;
  private final Session session;
  private final Duration timeout;
  private final BrokerSocket socket;
  private final PahoThreads threads;
  private final PahoClient client;
  private final Incoming incoming;

  /** Completed once, with the reason why the connection ended. */
  private final CompletableFuture<ConnectionException> loss;

  private Connection(Client about, Arrivals arrivals) throws ConnectionException {
    this.about = about;
    this.session = about.session();
    this.timeout = about.settings().timing().connectTimeout();
    this.incoming = new Incoming(about, arrivals);
    this.loss = incoming.loss();
    this.threads =
        new PahoThreads(
            "mqtt-" + session.clientId(), died -> loss.complete(ConnectionException.of(died)));
    this.socket =
        new BrokerSocket(
            about.settings().broker(),
            about.tls(),
            timeout,
            in ->
                new PacketStream(in, session.maxPacketBytes(), about.keepAliveSeconds(), incoming));
    try {
      this.client = new PahoClient(session.clientId(), socket, threads);
    } catch (MqttException e) {
      throw ConnectionException.of(e);
    }
    incoming.attach(client, socket);
  }

  /** Connects and waits for CONNACK. */
  static Connection open(Client about, Arrivals arrivals)
      throws ConnectionException, InterruptedException {
    Connection connection = new Connection(about, arrivals);
    try {
      connection.connect();
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
      throw ConnectionException.of(e);
    }
    answer.await(timeout, "the broker did not answer CONNECT");
  }

  private MqttConnectionOptions options() {
    MqttConnectionOptions options = new MqttConnectionOptions();
    options.setAutomaticReconnect(false);
    options.setCleanStart(true);
    options.setSessionExpiryInterval(0L);
    options.setKeepAliveInterval(about.keepAliveSeconds());
    options.setMaximumPacketSize((long) session.maxPacketBytes());
    options.setUseSubscriptionIdentifiers(false);
    about
        .settings()
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

  /** Makes the required subscriptions and checks every reason code. */
  void subscribe() throws ConnectionException, InterruptedException {
    List<Subscription> needed = subscriptions(false);
    if (needed.isEmpty()) {
      return;
    }
    IMqttToken token = subscribe(needed);
    int[] codes = token.getReasonCodes(); // Paho counts refusals as success
    for (int i = 0; i < needed.size(); i++) {
      int code = codes != null && i < codes.length ? codes[i] : ReasonCodes.ERROR;
      if (ReasonCodes.isRefusal(code)) {
        throw ConnectionException.subscriptionRefused(
            needed.get(i).filter(), code, PahoMessages.reason(token), about.settings());
      }
    }
  }

  /** Makes the optional subscriptions and ignores refusals. */
  void subscribeOptional() throws ConnectionException, InterruptedException {
    List<Subscription> optional = subscriptions(true);
    if (!optional.isEmpty()) {
      var unused = subscribe(optional);
    }
  }

  private List<Subscription> subscriptions(boolean optional) {
    return session.subscriptions().stream().filter(each -> each.optional() == optional).toList();
  }

  private IMqttToken subscribe(List<Subscription> wanted)
      throws ConnectionException, InterruptedException {
    Answer answer = new Answer();
    try {
      // The only variant that neither throws nor recurses (paho.mqtt.java #826, #863).
      client.subscribe(
          wanted.stream().map(Connection::toPaho).toArray(MqttSubscription[]::new),
          null,
          answer,
          new MqttProperties());
    } catch (MqttException e) {
      throw ConnectionException.of(e);
    }
    return answer.await(timeout, "the broker did not answer SUBSCRIBE");
  }

  private static MqttSubscription toPaho(Subscription subscription) {
    MqttSubscription paho =
        new MqttSubscription(subscription.filter(), PahoMessages.level(subscription.qos()));
    paho.setRetainHandling(subscription.retained() ? 0 : 2);
    paho.setNoLocal(!subscription.own());
    // With this setting the flag on delivery means: sent because it was retained.
    paho.setRetainAsPublished(false);
    return paho;
  }

  /** Publishes and waits until the broker has accepted or refused the message. */
  void publishNow(Message message)
      throws ConnectionException, InterruptedException, PublishException {
    CompletableFuture<Optional<PublishException>> taken = new CompletableFuture<>();
    var unused = loss.thenAccept(taken::completeExceptionally);
    send(message, taken::complete);
    Optional<PublishException> refusal = await(taken, timeout, "the broker did not answer PUBLISH");
    if (refusal.isPresent()) {
      throw refusal.get();
    }
  }

  @Override
  public void send(Message message, Consumer<Optional<PublishException>> taken) {
    Optional<String> unfit = unfit(message);
    if (unfit.isPresent()) {
      taken.accept(Optional.of(new PublishException(unfit.get())));
      return;
    }
    try {
      client.publish(
          message.topic(), PahoMessages.toPaho(message), null, new Acknowledgment(message, taken));
    } catch (MqttException e) {
      loss.complete(ConnectionException.of(e));
    } catch (IllegalArgumentException e) {
      taken.accept(Optional.of(new PublishException(message.topic() + ": " + e.getMessage(), e)));
    }
  }

  /** Returns why a message cannot be sent. Paho would end the connection over it. */
  private Optional<String> unfit(Message message) {
    long most = Math.min(incoming.connack().maximumPacketSize(), session.maxPacketBytes());
    if (PahoMessages.packetBytes(message) > most) {
      return Optional.of(
          "%d bytes for %s exceed the broker's limit (%d)"
              .formatted(message.payload().size(), message.topic(), most));
    }
    return PahoMessages.unfit(message);
  }

  /** Returns how many unacknowledged at-least-once messages the broker accepts. */
  int receiveMaximum() {
    return incoming.connack().receiveMaximum();
  }

  /** Waits for the loss of the connection or the timeout. */
  Optional<ConnectionException> awaitLoss(Duration time) throws InterruptedException {
    try {
      return Optional.of(loss.get(time.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      // A client can die silently.
      return client.isConnected()
          ? Optional.empty()
          : Optional.of(ConnectionException.passing("connection lost"));
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Disconnects cleanly, so that the broker discards the last will. Must still be closed. */
  void disconnect(Duration atMost) throws InterruptedException {
    Answer answer = new Answer();
    try {
      client.disconnect(0, null, answer, 0, new MqttProperties());
      answer.await(atMost, "the broker did not accept DISCONNECT");
    } catch (MqttException | ConnectionException e) {
      // The connection is lost, so the broker publishes the last will.
    }
  }

  /**
   * Abandons the client without waiting for it. Closing the socket ends every hanging call; a
   * background thread does the rest.
   */
  @Override
  public void close() {
    incoming.stop();
    socket.close();
    PahoBus.daemon(
            () -> {
              // Paho's threads wait for each other to start, so none is stopped before that.
              socket.awaitStarted();
              try {
                client.disconnectForcibly(0, 0, false);
                client.close(true);
              } catch (MqttException e) {
                // Not connected: nothing to close.
              } finally {
                threads.shutdownNow();
              }
            },
            "mqtt-close")
        .start();
  }

  boolean isNoDelay() throws java.io.IOException {
    return socket.isNoDelay();
  }

  private <T> T await(CompletableFuture<T> future, Duration atMost, String otherwise)
      throws ConnectionException, InterruptedException {
    try {
      return future.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw ConnectionException.passing(otherwise + " within " + atMost.toMillis() + " ms");
    } catch (ExecutionException e) {
      throw ConnectionException.of(e.getCause());
    }
  }

  /** The answer of Paho's thread, for a waiting thread. */
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

  /** The acknowledgment of one message. Paho reports a PUBACK with a refusal as success. */
  private final class Acknowledgment implements MqttActionListener {
    private final Message message;
    private final Consumer<Optional<PublishException>> taken;

    private Acknowledgment(Message message, Consumer<Optional<PublishException>> taken) {
      this.message = message;
      this.taken = taken;
    }

    @Override
    public void onSuccess(IMqttToken token) {
      int[] codes = token.getReasonCodes();
      if (codes == null || codes.length == 0 || !ReasonCodes.isRefusal(codes[0])) {
        taken.accept(Optional.empty());
        return;
      }
      ConnectionException refusal =
          ConnectionException.messageRefused(
              message.topic(), codes[0], PahoMessages.reason(token), about.settings());
      if (refusal.isRefusal() && about.whenRefused() == WhenRefused.END) {
        loss.complete(refusal);
      } else {
        taken.accept(Optional.of(new PublishException(refusal.getMessage())));
      }
    }

    @Override
    public void onFailure(IMqttToken token, Throwable why) {
      loss.complete(ConnectionException.of(why));
    }
  }
}
