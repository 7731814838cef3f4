package chorale.mqtt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.bus.BrokerAddress;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.ConnectionSettings;
import chorale.protocol.bus.ConnectionSettings.Timing;
import chorale.protocol.bus.ConnectionSettings.Tls;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Session;
import chorale.protocol.tls.KeyFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS with PEM files, against a server that requires a client certificate. */
class TlsTest {
  @TempDir static Path folder;
  private static KeyFiles files;

  private final Inbox inbox = new Inbox(10, 1000);
  private ScriptedBroker broker;

  /** One key pair for 127.0.0.1, used as authority, server and client. */
  @BeforeAll
  static void makeKeys() {
    files = KeyFiles.make(folder, "own", "EC", "ip:127.0.0.1");
  }

  @BeforeEach
  void startServer() throws IOException, GeneralSecurityException {
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(files.store(), KeyFiles.PASSWORD);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, KeyFiles.PASSWORD);
    trusted.setCertificateEntry("test", files.store().getCertificate("test"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    SSLServerSocket server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 10, InetAddress.getLoopbackAddress());
    server.setNeedClientAuth(true);
    broker = new ScriptedBroker(server);
  }

  @AfterEach
  void stopServer() throws IOException {
    broker.close();
  }

  private PahoBus open(Optional<Tls> tls) {
    Session session = Session.of("chorale-worker-tls", List.of());
    return (PahoBus) PahoBus.factory(settings(tls)).open(session, inbox);
  }

  private ConnectionSettings settings(Optional<Tls> tls) {
    Timing timing =
        new Timing(
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofMillis(10),
            Duration.ofMillis(50));
    return new ConnectionSettings(
        new BrokerAddress(true, "127.0.0.1", broker.port()),
        Optional.empty(),
        tls,
        timing,
        64,
        1000);
  }

  @Test
  void open_authorityAndCertificate_connectsWithoutDelay() throws IOException {
    try (PahoBus bus =
        open(
            Optional.of(
                new Tls(
                    Optional.of(files.certificate()),
                    Optional.of(files.certificate()),
                    Optional.of(files.key()))))) {
      await().atMost(Duration.ofSeconds(15)).until(bus::isConnected);
      assertTrue(bus.isNoDelay());
    }
  }

  @Test
  void open_unknownAuthority_neverConnects() {
    try (PahoBus bus = open(Optional.empty())) {
      await().atMost(Duration.ofSeconds(15)).until(() -> broker.attempts.get() >= 2);
      assertFalse(bus.isConnected());
      assertEquals(0, inbox.size());
    }
  }

  @Test
  void open_unknownAuthority_endsACommandWithTheReason() {
    ConnectionSettings settings = settings(Optional.empty());
    try (Bus bus =
        PahoBus.factory(settings, WhenRefused.END).open(Session.of("command", List.of()), inbox)) {
      await().atMost(Duration.ofSeconds(15)).until(() -> inbox.size() > 0);
      assertFalse(bus.isConnected());
      String event = inbox.poll().orElseThrow().toString();
      assertTrue(event.startsWith("Ended[reason=TLS: no known authority signed"), event);
    }
  }

  @Test
  void open_missingFile_isNamed() {
    Path missing = folder.resolve("missing.pem");
    String text =
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    open(
                        Optional.of(
                            new Tls(Optional.of(missing), Optional.empty(), Optional.empty()))))
            .getMessage();
    assertTrue(text.contains("missing.pem: cannot be read"), text);
  }

  @Test
  void open_certificateGivenAsKey_saysWhatIsExpected() {
    String text =
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    open(
                        Optional.of(
                            new Tls(
                                Optional.empty(),
                                Optional.of(files.certificate()),
                                Optional.of(files.certificate())))))
            .getMessage();
    assertTrue(text.contains("expected an unencrypted PKCS#8 key"), text);
  }

  @Test
  void open_keyWithoutCertificate_namesBothSettings() {
    String text =
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    open(
                        Optional.of(
                            new Tls(Optional.empty(), Optional.empty(), Optional.of(files.key())))))
            .getMessage();
    assertEquals(
        "TLS: connection.tls.key is set without connection.tls.certificate; set both or neither",
        text);
  }
}
