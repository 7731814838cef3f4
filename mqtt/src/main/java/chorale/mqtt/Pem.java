package chorale.mqtt;

import chorale.protocol.bus.ConnectionSettings.Tls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
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
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * Makes TLS sockets from PEM files. Every {@link IllegalArgumentException} names the file and what
 * is expected of it.
 */
final class Pem {
  private static final Pattern PKCS8 =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
  private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "Ed25519");
  private static final char[] NO_PASSWORD = new char[0];

  private Pem() {}

  static SSLSocketFactory sockets(Tls tls) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      // Null arguments mean the platform's own.
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
    for (Certificate certificate : certificates(tls.certificateAuthority().get())) {
      trusted.setCertificateEntry("authority-" + number++, certificate);
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
    Path certificate = require(tls.certificate(), "a client key needs its certificate");
    Path key = require(tls.key(), "a client certificate needs its key");
    KeyStore own = emptyStore();
    own.setKeyEntry(
        "client",
        privateKey(key),
        NO_PASSWORD,
        certificates(certificate).toArray(Certificate[]::new));
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

  private static List<Certificate> certificates(Path file) throws GeneralSecurityException {
    List<Certificate> certificates =
        List.copyOf(
            CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(read(file))));
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException(file + ": no certificate in it (expected PEM)");
    }
    return certificates;
  }

  private static PrivateKey privateKey(Path file) throws GeneralSecurityException {
    Matcher found =
        PKCS8.matcher(new String(read(file), java.nio.charset.StandardCharsets.US_ASCII));
    if (!found.find()) {
      throw new IllegalArgumentException(
          file
              + ": no 'BEGIN PRIVATE KEY' in it (expected an unencrypted PKCS#8 key in PEM;"
              + " openssl pkcs8 -topk8 -nocrypt makes one)");
    }
    PKCS8EncodedKeySpec encoded =
        new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(found.group(1)));
    for (String algorithm : KEY_ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
      } catch (InvalidKeySpecException e) {
        // Not of this kind.
      }
    }
    throw new IllegalArgumentException(file + ": not a key of " + KEY_ALGORITHMS);
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new IllegalArgumentException(file + ": cannot be read", e);
    }
  }
}
