package chorale.broker;

import chorale.config.BrokerSettings.CameraRate;
import chorale.protocol.Health;
import chorale.protocol.Limits;
import chorale.protocol.Ticker;
import chorale.protocol.TopicHints;
import chorale.protocol.access.ClientIds;
import chorale.protocol.access.Rights;
import chorale.protocol.access.RightsTable;
import com.hivemq.embedded.EmbeddedHiveMQ;
import com.hivemq.extension.sdk.api.ExtensionMain;
import com.hivemq.extension.sdk.api.auth.SimpleAuthenticator;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthInput;
import com.hivemq.extension.sdk.api.auth.parameter.SimpleAuthOutput;
import com.hivemq.extension.sdk.api.client.ClientContext;
import com.hivemq.extension.sdk.api.client.parameter.InitializerInput;
import com.hivemq.extension.sdk.api.interceptor.connect.ConnectInboundInterceptor;
import com.hivemq.extension.sdk.api.interceptor.connect.parameter.ConnectInboundInput;
import com.hivemq.extension.sdk.api.interceptor.connect.parameter.ConnectInboundOutput;
import com.hivemq.extension.sdk.api.interceptor.subscribe.SubscribeInboundInterceptor;
import com.hivemq.extension.sdk.api.packets.auth.DefaultAuthorizationBehaviour;
import com.hivemq.extension.sdk.api.packets.connect.WillPublishPacket;
import com.hivemq.extension.sdk.api.packets.disconnect.DisconnectReasonCode;
import com.hivemq.extension.sdk.api.packets.subscribe.Subscription;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartOutput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopOutput;
import com.hivemq.extension.sdk.api.services.Services;
import com.hivemq.persistence.clientqueue.ClientQueueLocalPersistence;
import com.hivemq.persistence.clientqueue.ClientQueuePersistence;
import com.hivemq.persistence.retained.RetainedMessageLocalPersistence;
import com.hivemq.persistence.retained.RetainedMessagePersistence;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Chorale's extension of HiveMQ: logins, rights, limits for cameras, and reports of refusals.
 * Called by HiveMQ's threads.
 */
final class BrokerExtension implements ExtensionMain, ConnectInboundInterceptor {
  /** Maximum size of a last will, the same as of a status message. */
  private static final int MAX_WILL_BYTES = Limits.MAX_STATUS_BYTES;

  private static final Logger LOG = System.getLogger(EmbeddedBroker.class.getName());

  private final Door door;
  private final BrokerLog log;
  private final CameraRates rates;
  private final FailedLogins failed;
  private final Ticker ticker;
  private final Clock clock;

  // set before the broker listens
  private EmbeddedHiveMQ hiveMq;
  private CameraGate.Shared shared;
  private BrokerHealth health;

  /** Empty on a broker without users. */
  private Optional<ClientOwners> owners = Optional.empty();

  BrokerExtension(CameraRate rate, Door door, Ticker ticker, Clock clock) {
    this.door = door;
    this.log = new BrokerLog(ticker);
    this.rates = new CameraRates(rate, ticker);
    this.failed = new FailedLogins(ticker);
    this.ticker = ticker;
    this.clock = clock;
  }

  BrokerLog log() {
    return log;
  }

  /** Sets the broker that this extension belongs to; called before it starts. */
  void attach(EmbeddedHiveMQ newHiveMq) {
    hiveMq = newHiveMq;
  }

  /** Returns the broker's health; called only after the broker listens. */
  Health health() {
    return health.now();
  }

  @Override
  public void extensionStart(ExtensionStartInput input, ExtensionStartOutput output) {
    QueueBounds bounds = QueueBounds.of(Runtime.getRuntime().maxMemory());
    BrokerCounters counters = new BrokerCounters();
    ClientQueues queues =
        HiveMqInternals.replaceStore(
            hiveMq,
            ClientQueuePersistence.class,
            ClientQueueLocalPersistence.class,
            inner ->
                new ClientQueues(
                    inner,
                    HiveMqInternals.buckets(),
                    bounds,
                    counters,
                    clientId -> owners.flatMap(each -> each.userOf(clientId))));
    KeptMessages kept =
        HiveMqInternals.replaceStore(
            hiveMq,
            RetainedMessagePersistence.class,
            RetainedMessageLocalPersistence.class,
            inner -> new KeptMessages(inner, HiveMqInternals.buckets(), bounds.kept(), counters));
    shared = new CameraGate.Shared(log, new Sites(), rates, queues, kept, counters);
    health = new BrokerHealth(shared, failed, clock);
    health.schedule();
    ClientEvents events = new ClientEvents(log);
    door.certificates().ifPresent(this::serveTls);
    SimpleAuthenticator guard = door.users().map(this::guard).orElse(BrokerExtension::letIn);
    Services.securityRegistry().setAuthenticatorProvider(each -> guard);
    Services.interceptorRegistry().setConnectInboundInterceptorProvider(each -> this);
    Services.initializerRegistry().setClientInitializer(this::initialize);
    Services.eventRegistry().setClientLifecycleEventListener(each -> events);
  }

  private void serveTls(ListenerCertificates certificates) {
    HiveMqInternals.useTls(hiveMq, certificates.context());
    everySecond(() -> certificates.refresh(each -> HiveMqInternals.useTls(hiveMq, each)));
  }

  private SimpleAuthenticator guard(UserBook users) {
    ScheduledExecutorService executor = Services.extensionExecutorService();
    PasswordCheck passwords = new PasswordCheck(executor, new SecureRandom());
    ClientOwners clients = new ClientOwners(users, ClientOwners::hasSession, ticker);
    owners = Optional.of(clients);
    everySecond(
        () -> {
          users.refresh();
          passwords.keepIf(users::isCurrent);
          clients.refresh();
          failed.report();
        });
    return new AccessRules(new AccessRules.Parts(users, passwords, clients, failed, executor, log));
  }

  /** Runs a task every second; an unexpected error does not end the repetition. */
  private static void everySecond(Runnable task) {
    Runnable guarded =
        () -> {
          try {
            task.run();
          } catch (RuntimeException e) {
            LOG.log(
                Level.ERROR,
                "a bug in Chorale, please report it: users or certificates were not checked for changes",
                e);
          }
        };
    var unused =
        Services.extensionExecutorService().scheduleWithFixedDelay(guarded, 1, 1, TimeUnit.SECONDS);
  }

  /** Admits every client; used on a broker without users. */
  private static void letIn(SimpleAuthInput input, SimpleAuthOutput output) {
    output.getDefaultPermissions().setDefaultBehaviour(DefaultAuthorizationBehaviour.ALLOW);
    output.authenticateSuccessfully();
  }

  /** Returns the rights of the user of that name, authenticated or not. */
  private Rights rights(Optional<String> user) {
    return door.users()
        .map(
            book ->
                user.flatMap(book::find)
                    .map(each -> RightsTable.of(each.identity()))
                    .orElse(Rights.NOTHING))
        .orElse(Rights.EVERYTHING);
  }

  @Override
  public void extensionStop(ExtensionStopInput input, ExtensionStopOutput output) {}

  /** Attaches the checks of an accepted client's messages and subscriptions. */
  private void initialize(InitializerInput input, ClientContext context) {
    String clientId = input.getClientInformation().getClientId();
    Optional<String> user = AccessRules.user(input.getConnectionInformation());
    Who who = Who.of(clientId, user, input.getConnectionInformation());
    Rights rights = rights(user);
    owners.ifPresent(each -> each.connected(clientId));
    context.addSubscribeInboundInterceptor(subscriptions(who, rights));
    // Not for services: replies and results are the hot path, and HiveMQ checks their rights
    // itself (AccessRules).
    if (!ClientIds.isService(clientId)) {
      context.addPublishInboundInterceptor(new CameraGate(who, rights, shared));
    }
  }

  /**
   * Returns an interceptor that collects the names of sites from subscriptions and reports
   * subscriptions that HiveMQ will refuse.
   */
  private SubscribeInboundInterceptor subscriptions(Who who, Rights rights) {
    return (input, output) -> {
      for (Subscription each : input.getSubscribePacket().getSubscriptions()) {
        String filter = each.getTopicFilter();
        TopicHints.ofSubscribed(filter, shared.sites().known())
            .ifPresent(hint -> reportHint(who, filter, hint));
        if (rights.maySubscribe(filter)) {
          shared.sites().learn(filter);
          refuseTooMany(who, filter);
        } else {
          log.warn(
              "subscribe",
              who,
              who
                  + " may not subscribe to '"
                  + BrokerLog.shown(filter)
                  + "' (may subscribe to: "
                  + String.join(", ", rights.subscribe())
                  + ")");
        }
      }
    };
  }

  private void refuseTooMany(Who who, String filter) {
    if (owners.isPresent() && !owners.get().subscribe(who.clientId(), filter)) {
      String reason =
          "the subscriptions of one user are too large (allowed: "
              + ClientOwners.MAX_FILTERS
              + " characters in all; each counts its topic filter plus "
              + ClientOwners.SUBSCRIPTION_BYTES
              + "); subscribe to fewer topics, or use wildcards";
      log.warn("subscriptions", who, "ended the session of " + who + ": " + reason);
      var unused = ClientOwners.end(who.clientId(), DisconnectReasonCode.QUOTA_EXCEEDED, reason);
    }
  }

  private void reportHint(Who who, String filter, TopicHints.Hint hint) {
    log.warn(
        "filter",
        who,
        who
            + " subscribes to '"
            + BrokerLog.shown(filter)
            + "', on which nothing is published; "
            + hint.reason()
            + ", the topic for results is '"
            + hint.topic()
            + "'");
  }

  /**
   * Removes a last will that the user may not publish, that is on an image topic, that is too
   * large, or that does not fit in the store of retained messages. HiveMQ would otherwise publish
   * it unchecked, or refuse the client. The client has not logged in yet; this method grants no
   * rights.
   */
  @Override
  public void onConnect(ConnectInboundInput input, ConnectInboundOutput output) {
    Optional<WillPublishPacket> will = input.getConnectPacket().getWillPublish();
    if (will.isEmpty()) {
      return;
    }
    String topic = will.get().getTopic();
    Optional<String> user = input.getConnectPacket().getUserName();
    Rights rights = rights(user);
    boolean refused = !rights.equals(Rights.NOTHING) && !rights.mayPublish(topic);
    int bytes = will.get().getPayload().map(ByteBuffer::remaining).orElse(0);
    boolean kept = !will.get().getRetain() || shared.kept().hasRoom(bytes);
    if (refused || Sites.isImage(topic) || bytes > MAX_WILL_BYTES || !kept) {
      output.getConnectPacket().setWillPublish(null);
      Who who =
          Who.of(input.getConnectPacket().getClientId(), user, input.getConnectionInformation());
      log.warn(
          "will",
          who,
          who
              + " has its last will on '"
              + BrokerLog.shown(topic)
              + "', "
              + (refused
                  ? "where it may not publish (may publish on: "
                      + String.join(", ", rights.publish())
                      + ")"
                  : Sites.isImage(topic)
                      ? "which is a topic for images"
                      : bytes > MAX_WILL_BYTES
                          ? "of " + bytes + " bytes (allowed: " + MAX_WILL_BYTES + ")"
                          : "retained, but " + shared.kept().noRoom(bytes))
              + "; the last will is ignored");
    }
  }
}
