package chorale.protocol.tls;

import chorale.protocol.FileFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A reader of certificates (RFC 7468, section 5) and private keys (PKCS#8, section 10) in PEM
 * files. Every {@link IllegalArgumentException} names the file and the expected content. Stateless.
 */
public final class PemFiles {
  private static final Pattern PKCS8 =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  /** Signature algorithm for each key algorithm. */
  private static final Map<String, String> SIGNATURES =
      Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

  private PemFiles() {}

  /** Returns at least one certificate, in the order of the file. */
  public static X509Certificate[] certificates(Path file) {
    X509Certificate[] certificates;
    try {
      certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(read(file)))
              .toArray(X509Certificate[]::new);
    } catch (CertificateException e) {
      throw new IllegalArgumentException(file + ": not a certificate (expected PEM)", e);
    }
    if (certificates.length == 0) {
      throw new IllegalArgumentException(file + ": contains no certificate (expected PEM)");
    }
    return certificates;
  }

  /** Returns the private key of a certificate; rejects a key that does not match. */
  public static PrivateKey keyOf(X509Certificate certificate, Path file) {
    Matcher found = PKCS8.matcher(new String(read(file), StandardCharsets.US_ASCII));
    if (!found.find()) {
      throw new IllegalArgumentException(
          file
              + ": contains no 'BEGIN PRIVATE KEY' (expected an unencrypted PKCS#8 key in PEM;"
              + " openssl pkcs8 -topk8 -nocrypt makes one)");
    }
    String algorithm = certificate.getPublicKey().getAlgorithm();
    try {
      PrivateKey key =
          KeyFactory.getInstance(algorithm)
              .generatePrivate(
                  new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(found.group(1))));
      if (isPair(certificate, key)) {
        return key;
      }
    } catch (GeneralSecurityException e) {
      // The key is of another kind than the certificate's, or damaged.
    }
    throw new IllegalArgumentException(
        "%s: not the %s key of the certificate for %s; use the key that was made with it"
            .formatted(file, algorithm, certificate.getSubjectX500Principal()));
  }

  private static boolean isPair(X509Certificate certificate, PrivateKey key)
      throws GeneralSecurityException {
    Signature signature = Signature.getInstance(SIGNATURES.getOrDefault(key.getAlgorithm(), ""));
    byte[] anything = {1};
    signature.initSign(key);
    signature.update(anything);
    byte[] signed = signature.sign();
    signature.initVerify(certificate.getPublicKey());
    signature.update(anything);
    return signature.verify(signed);
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      String why = FileFailure.reason(e);
      throw new IllegalArgumentException(file + ": cannot be read (" + why + ")", e);
    }
  }
}
