package chorale.protocol.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemFilesTest {
  @TempDir private static Path folder;
  private static KeyFiles one;
  private static KeyFiles another;

  @BeforeAll
  static void makeKeys() {
    one = KeyFiles.make(folder, "one", "EC", "dns:one");
    another = KeyFiles.make(folder, "another", "EC", "dns:another");
  }

  private static X509Certificate certificate(KeyFiles of) {
    return PemFiles.certificates(of.certificate())[0];
  }

  private static String refusal(Path key) {
    return assertThrows(IllegalArgumentException.class, () -> PemFiles.keyOf(certificate(one), key))
        .getMessage();
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA", "Ed25519"})
  void keyOf_matchingCertificate_isRead(String algorithm) throws Exception {
    KeyFiles files = KeyFiles.make(folder, algorithm, algorithm, "dns:x");
    assertEquals(
        files.store().getKey("test", KeyFiles.PASSWORD),
        PemFiles.keyOf(certificate(files), files.key()));
  }

  @Test
  void keyOf_anotherCertificate_isRefused() {
    String message = refusal(another.key());
    assertTrue(
        message.startsWith(another.key() + ": not the EC key of the certificate for CN=one"),
        message);
  }

  @Test
  void keyOf_noKey_saysWhatIsExpected() throws Exception {
    assertTrue(refusal(one.certificate()).contains("expected an unencrypted PKCS#8 key in PEM"));
    Path damaged =
        Files.writeString(
            folder.resolve("damaged.key"),
            "-----BEGIN PRIVATE KEY-----\nMIGH\n-----END PRIVATE KEY-----\n");
    assertTrue(refusal(damaged).startsWith(damaged + ": not the EC key"), refusal(damaged));
  }

  @Test
  void certificates_severalInOneFile_areAllRead() throws Exception {
    Path both =
        Files.writeString(
            folder.resolve("both.pem"),
            Files.readString(one.certificate()) + Files.readString(another.certificate()));
    X509Certificate[] expected = {certificate(one), certificate(another)};
    assertEquals(java.util.List.of(expected), java.util.List.of(PemFiles.certificates(both)));
  }

  @Test
  void certificates_nothingToRead_namesTheFile() throws Exception {
    for (Path file :
        new Path[] {
          folder.resolve("absent.pem"), one.key(), Files.writeString(folder.resolve("x"), "x")
        }) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> PemFiles.certificates(file))
              .getMessage();
      assertTrue(message.startsWith(file + ": "), message);
    }
  }
}
