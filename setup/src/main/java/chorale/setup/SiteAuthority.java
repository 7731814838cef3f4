package chorale.setup;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.IPAddress;

/**
 * A site's private certificate authority (RFC 5280, EC P-256 with SHA-256). Certificates are valid
 * from 1970, because the clock of a board without a battery starts there or at its image's date,
 * and the board would otherwise reject its broker. This is safe: the keys did not exist before. Not
 * thread-safe.
 */
final class SiteAuthority {
  static final Duration OWN_LIFETIME = Duration.ofDays(20 * 365);
  static final Duration ISSUED_LIFETIME = Duration.ofDays(5 * 365);

  private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "::1");

  /** Labels of letters, digits, hyphens and underscores; the last is not a number. */
  private static final Pattern HOST =
      Pattern.compile("(?=.{1,253}$)([A-Za-z0-9_-]{1,63}\\.)*(?![0-9]+$)[A-Za-z0-9_-]{1,63}");

  private static final int SERIAL_BITS = 127;

  private final X509Certificate certificate;
  private final PrivateKey key;
  private final Instant now;
  private final SecureRandom random;

  SiteAuthority(Credential authority, Instant now, SecureRandom random) {
    this.certificate = certificate(authority.certificate());
    this.key = key(authority.key());
    this.now = now;
    this.random = random;
  }

  /** Creates a new authority. */
  static Credential create(String site, Instant now, SecureRandom random) {
    try {
      KeyPair keys = keys(random);
      X500Name name = name("Chorale site " + site);
      X509v3CertificateBuilder builder =
          builder(name, keys.getPublic(), now.plus(OWN_LIFETIME), name, random)
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
              .addExtension(
                  Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      return credential(builder, keys.getPrivate(), keys.getPrivate());
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException("the certificate cannot be created", e);
    }
  }

  /** Issues the broker's certificate for these hosts and loopback. */
  Credential broker(List<String> hosts) {
    List<GeneralName> names = new ArrayList<>();
    for (List<String> some : List.of(hosts, LOOPBACK)) {
      for (String host : some) {
        GeneralName each =
            new GeneralName(
                IPAddress.isValid(host) ? GeneralName.iPAddress : GeneralName.dNSName, host);
        if (!names.contains(each)) {
          names.add(each);
        }
      }
    }
    return issue(
        hosts.isEmpty() ? LOOPBACK.get(0) : hosts.get(0), KeyPurposeId.id_kp_serverAuth, names);
  }

  /** Issues a member's client certificate. */
  Credential client(String member) {
    return issue(member, KeyPurposeId.id_kp_clientAuth, List.of());
  }

  /** Returns whether the text is an IPv4 address, IPv6 address or host name. */
  static boolean isHost(String host) {
    return IPAddress.isValid(host) || HOST.matcher(host).matches();
  }

  private Credential issue(String subject, KeyPurposeId purpose, List<GeneralName> names) {
    try {
      KeyPair keys = keys(random);
      X500Name issuer = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
      X509v3CertificateBuilder builder =
          builder(issuer, keys.getPublic(), now.plus(ISSUED_LIFETIME), name(subject), random)
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
              .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
              .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose))
              .addExtension(
                  Extension.authorityKeyIdentifier,
                  false,
                  new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate));
      if (!names.isEmpty()) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(names.toArray(GeneralName[]::new)));
      }
      return credential(builder, key, keys.getPrivate());
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException("the certificate cannot be created", e);
    }
  }

  private static X509v3CertificateBuilder builder(
      X500Name issuer, PublicKey subjectKey, Instant until, X500Name subject, SecureRandom random)
      throws GeneralSecurityException, IOException {
    return new JcaX509v3CertificateBuilder(
            issuer,
            new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1),
            Date.from(Instant.EPOCH),
            Date.from(until),
            subject,
            subjectKey)
        .addExtension(
            Extension.subjectKeyIdentifier,
            false,
            new JcaX509ExtensionUtils().createSubjectKeyIdentifier(subjectKey));
  }

  private static Credential credential(
      X509v3CertificateBuilder builder, PrivateKey signer, PrivateKey own)
      throws OperatorCreationException, IOException {
    byte[] certificate =
        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer)).getEncoded();
    return new Credential(pem("CERTIFICATE", certificate), pem("PRIVATE KEY", own.getEncoded()));
  }

  private static X500Name name(String text) {
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, text).build();
  }

  private static KeyPair keys(SecureRandom random) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), random);
    return generator.generateKeyPair();
  }

  private static String pem(String type, byte[] encoded) {
    Base64.Encoder base64 = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(type, base64.encodeToString(encoded), type);
  }

  /** Parses a certificate; throws {@link IllegalArgumentException} if it is malformed. */
  static X509Certificate certificate(String pem) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(
                  new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not a certificate", e);
    }
  }

  private static PrivateKey key(String pem) {
    try {
      String base64 = pem.replaceAll("-----[A-Z ]+-----", "");
      return KeyFactory.getInstance("EC")
          .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64)));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not a private key", e);
    }
  }
}
