package chorale.monitoring.http;

import chorale.config.BrokerSettings.ListenerTls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** TLS for servers, from PEM files. Stateless. */
final class ServerTls {
  private static final Pattern PKCS8 =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
  private static final List<String> ALGORITHMS = List.of("EC", "RSA");
  private static final char[] NO_PASSWORD = new char[0];

  private ServerTls() {}

  /**
   * @param section of the settings; every {@link IllegalArgumentException} names the key or the
   *     file, and what is expected
   */
  static SSLContext context(String section, ListenerTls tls) {
    try {
      Certificate[] chain = certificates(section + ".tls.certificate", tls.certificate());
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, NO_PASSWORD);
      store.setKeyEntry("server", key(section + ".tls.key", tls.key()), NO_PASSWORD, chain);
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, NO_PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException(section + ".tls: " + e.getMessage(), e);
    }
  }

  private static Certificate[] certificates(String setting, Path file)
      throws GeneralSecurityException, IOException {
    byte[] pem = read(setting, file);
    var all =
        CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
    if (all.isEmpty()) {
      throw new IllegalArgumentException(file + ": contains no certificate; expected: a PEM file");
    }
    return all.toArray(new Certificate[0]);
  }

  private static PrivateKey key(String setting, Path file)
      throws GeneralSecurityException, IOException {
    String pem = new String(read(setting, file), StandardCharsets.US_ASCII);
    Matcher found = PKCS8.matcher(pem);
    if (found.find()) {
      byte[] der = Base64.getMimeDecoder().decode(found.group(1));
      for (String algorithm : ALGORITHMS) {
        try {
          return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (InvalidKeySpecException e) {
          // A key of another algorithm.
        }
      }
    }
    throw new IllegalArgumentException(
        file + ": contains no private key; expected: PKCS#8 (BEGIN PRIVATE KEY), EC or RSA");
  }

  private static byte[] read(String key, Path file) throws IOException {
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException(
          key + ": '" + file + "' cannot be read; expected: a PEM file");
    }
    return Files.readAllBytes(file);
  }
}
