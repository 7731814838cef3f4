package chorale.monitoring.http;

import chorale.config.BrokerSettings.ListenerTls;
import chorale.protocol.tls.PemFiles;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** TLS for servers, from PEM files. Stateless. */
final class ServerTls {
  private static final char[] NO_PASSWORD = new char[0];

  private ServerTls() {}

  /**
   * @param section of the settings; every {@link IllegalArgumentException} names it and the file,
   *     and what is expected
   */
  static SSLContext context(String section, ListenerTls tls) {
    try {
      X509Certificate[] chain = PemFiles.certificates(tls.certificate());
      PrivateKey key = PemFiles.keyOf(chain[0], tls.key());
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, NO_PASSWORD);
      store.setKeyEntry("server", key, NO_PASSWORD, chain);
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, NO_PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          section
              + ".tls: "
              + e.getMessage()
              + "; expected: a certificate and its key, as PEM files",
          e);
    }
  }
}
