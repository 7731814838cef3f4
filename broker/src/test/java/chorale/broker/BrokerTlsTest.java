package chorale.broker;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.config.BrokerSettings;
import chorale.config.BrokerSettings.CameraRate;
import chorale.config.BrokerSettings.ListenerTls;
import chorale.mqtt.PahoBus;
import chorale.mqtt.WhenRefused;
import chorale.protocol.CapturedLog;
import chorale.protocol.bus.BrokerAddress;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.ConnectionSettings;
import chorale.protocol.bus.ConnectionSettings.Tls;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Session;
import chorale.protocol.tls.KeyFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both listeners with TLS and client certificates, and each side's error messages. */
class BrokerTlsTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir private static Path folder;

  private static KeyFiles server;
  private static KeyFiles elsewhere;
  private static KeyFiles member;
  private static ListenerTls files;
  private static EmbeddedBroker broker;

  private final CapturedLog log = new CapturedLog(EmbeddedBroker.class);

  @BeforeAll
  static void start() throws IOException {
    server = KeyFiles.make(folder, "server", "EC", "ip:127.0.0.1");
    elsewhere = KeyFiles.make(folder, "elsewhere", "RSA", "dns:elsewhere");
    member = KeyFiles.make(folder, "member", "EC", "dns:member");
    files =
        new ListenerTls(
            folder.resolve("broker.pem"),
            folder.resolve("broker.key"),
            Optional.of(member.certificate()));
    use(server);
    broker =
        EmbeddedBroker.start(
            settings(files),
            Files.createDirectory(folder.resolve("scratch")),
            System::nanoTime,
            Clock.systemUTC());
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @AfterEach
  void close() {
    log.close();
  }

  private static BrokerSettings settings(ListenerTls tls) {
    return new BrokerSettings(
        0,
        Optional.of(0),
        List.of(),
        "127.0.0.1",
        CameraRate.STANDARD,
        Optional.empty(),
        Optional.of(tls));
  }

  /** Replaces the broker's certificate file. */
  private static void use(KeyFiles keys) throws IOException {
    Files.copy(keys.key(), files.key(), StandardCopyOption.REPLACE_EXISTING);
    Files.copy(keys.certificate(), files.certificate(), StandardCopyOption.REPLACE_EXISTING);
  }

  private static Tls trusting(KeyFiles authority, Optional<KeyFiles> own) {
    return new Tls(
        Optional.of(authority.certificate()),
        own.map(KeyFiles::certificate),
        own.map(KeyFiles::key));
  }

  private static Bus open(Optional<Tls> tls, Inbox inbox) {
    ConnectionSettings base = RealBrokerContract.settings(broker.port());
    ConnectionSettings settings =
        new ConnectionSettings(
            new BrokerAddress(tls.isPresent(), "127.0.0.1", broker.port()),
            Optional.empty(),
            tls,
            base.timing(),
            base.inFlight(),
            base.outbox());
    return PahoBus.factory(settings, WhenRefused.END).open(Session.of("tls", List.of()), inbox);
  }

  private static void assertConnects(KeyFiles authority) {
    Inbox inbox = new Inbox(10, 1000);
    try (Bus bus = open(Optional.of(trusting(authority, Optional.of(member))), inbox)) {
      await().atMost(SOON).until(bus::isConnected);
    }
  }

  /** Returns the client's error message. */
  private static String refusal(Tls tls) {
    Inbox inbox = new Inbox(10, 1000);
    try (Bus bus = open(Optional.of(tls), inbox)) {
      await().atMost(SOON).until(() -> inbox.size() > 0);
      assertFalse(bus.isConnected());
      return ((BusEvent.Ended) inbox.poll().orElseThrow()).reason();
    }
  }

  private void assertReported(String... parts) {
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertTrue(
                    log.lines().stream()
                        .anyMatch(each -> Stream.of(parts).allMatch(each::contains)),
                    log.lines()::toString));
  }

  @Test
  void connect_trustedOnBothSides_isAdmitted() {
    assertConnects(server);
  }

  @Test
  void connect_withoutAClientCertificate_getsTheReason() {
    String reason = refusal(trusting(server, Optional.empty()));
    assertTrue(
        reason.startsWith("TLS: the broker requires a client certificate of an authority"), reason);
    assertReported("127.0.0.1", "has no certificate, but broker.tls.client-ca requires one");
  }

  @Test
  void connect_certificateOfAnotherAuthority_getsTheReason() {
    String reason = refusal(trusting(server, Optional.of(elsewhere)));
    assertTrue(
        reason.startsWith("TLS: the broker requires a client certificate of an authority"), reason);
  }

  @Test
  void connect_withoutTls_isReported() {
    Inbox inbox = new Inbox(10, 1000);
    try (Bus bus = open(Optional.empty(), inbox)) {
      assertReported("does not use TLS; clients use mqtts:// or wss://");
      assertFalse(bus.isConnected());
    }
  }

  @Test
  void webSocket_upgradeOverTls_isAnswered() throws IOException, GeneralSecurityException {
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(member.store(), KeyFiles.PASSWORD);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, KeyFiles.PASSWORD);
    trusted.setCertificateEntry("server", server.store().getCertificate("test"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    int port = broker.webSocketPort().orElseThrow();
    try (SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
      String request =
          """
          GET /mqtt HTTP/1.1
          Host: 127.0.0.1
          Origin: https://127.0.0.1
          Upgrade: websocket
          Connection: Upgrade
          Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
          Sec-WebSocket-Version: 13
          Sec-WebSocket-Protocol: mqtt

          """;
      socket
          .getOutputStream()
          .write(request.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII));
      assertEquals(
          "HTTP/1.1 101",
          new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII));
    }
  }

  @Test
  void certificate_replaced_isUsedForNewConnectionsAndCheckedByClients() throws IOException {
    String stranger = refusal(trusting(elsewhere, Optional.of(member)));
    assertTrue(stranger.startsWith("TLS: no known authority signed the broker's"), stranger);
    assertReported("127.0.0.1", "does not trust the broker's certificate, or its host name");

    use(elsewhere);
    assertReported("reloaded " + files.certificate() + " and the other files of broker.tls");
    String reason = refusal(trusting(elsewhere, Optional.of(member)));
    assertTrue(reason.startsWith("TLS: the broker's certificate is for another host ("), reason);

    Files.copy(server.key(), files.key(), StandardCopyOption.REPLACE_EXISTING);
    assertReported("broker.tls.key: " + files.key(), "; the old certificate stays in use");
    use(server);
    await().atMost(SOON).until(() -> log.count("and the other files of broker.tls") == 2);
    assertConnects(server);
  }

  private static String startRefusal(Path certificate, Path key, Path clientCa) {
    BrokerSettings settings = settings(new ListenerTls(certificate, key, Optional.of(clientCa)));
    return assertThrows(
            IllegalArgumentException.class,
            () ->
                EmbeddedBroker.start(
                        settings, folder.resolve("unused"), System::nanoTime, Clock.systemUTC())
                    .close())
        .getMessage();
  }

  @Test
  void start_invalidFiles_namesKeyAndFile() {
    Path absent = folder.resolve("absent");
    assertEquals(
        "broker.tls.certificate: " + absent + ": cannot be read (no such file)",
        startRefusal(absent, server.key(), member.certificate()));
    String key = startRefusal(server.certificate(), elsewhere.key(), member.certificate());
    assertTrue(key.startsWith("broker.tls.key: " + elsewhere.key() + ": not the EC key of"), key);
    String clientCa = startRefusal(server.certificate(), server.key(), member.key());
    assertTrue(
        clientCa.startsWith("broker.tls.client-ca: " + member.key() + ": not a certificate"),
        clientCa);
  }

  @Test
  void start_expiredCertificate_isReported() {
    Clock later = Clock.offset(Clock.systemUTC(), Duration.ofDays(1000));
    var unused =
        new ListenerCertificates(
            new ListenerTls(server.certificate(), server.key(), Optional.empty()), later);
    assertReported(server.certificate().toString(), "this machine's clock says", "renew it");
  }
}
