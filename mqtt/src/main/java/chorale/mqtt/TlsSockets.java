package chorale.mqtt;

import chorale.protocol.bus.ConnectionSettings.Tls;
import chorale.protocol.tls.PemFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * A factory of TLS sockets from PEM files. Every {@link IllegalArgumentException} names the file
 * and the expected content.
 */
final class TlsSockets {
  private static final char[] NO_PASSWORD = new char[0];

  private TlsSockets() {}

  static SSLSocketFactory of(Tls tls) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      // Null arguments select the platform's defaults.
      context.init(keyManagers(tls), trustManagers(tls), null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException("TLS: " + e.getMessage(), e);
    }
  }

  private static TrustManager[] trustManagers(Tls tls)
      throws GeneralSecurityException, IOException {
    if (tls.certificateAuthority().isEmpty()) {
      return null;
    }
    KeyStore trusted = emptyStore();
    int number = 0;
    for (X509Certificate each : PemFiles.certificates(tls.certificateAuthority().get())) {
      trusted.setCertificateEntry("authority-" + number++, each);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    return factory.getTrustManagers();
  }

  private static KeyManager[] keyManagers(Tls tls) throws GeneralSecurityException, IOException {
    if (tls.certificate().isEmpty() && tls.key().isEmpty()) {
      return null;
    }
    Path certificate =
        require(
            tls.certificate(),
            "connection.tls.key is set without connection.tls.certificate; set both or neither");
    Path key =
        require(
            tls.key(),
            "connection.tls.certificate is set without connection.tls.key; set both or neither");
    X509Certificate[] chain = PemFiles.certificates(certificate);
    KeyStore own = emptyStore();
    own.setKeyEntry("client", PemFiles.keyOf(chain[0], key), NO_PASSWORD, chain);
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(own, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static Path require(Optional<Path> file, String otherwise) {
    return file.orElseThrow(() -> new IllegalArgumentException("TLS: " + otherwise));
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    return store;
  }
}
