package chorale.monitoring.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chorale.config.BrokerSettings.ListenerTls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerTlsTest {
  @TempDir private Path folder;

  @Test
  void context_unusableCertificate_namesSectionAndFile() throws Exception {
    Path absent = folder.resolve("absent.pem");
    Path empty = Files.createFile(folder.resolve("empty.pem"));
    Path text = Files.writeString(folder.resolve("text.pem"), "no certificate");

    assertRefused(absent, absent + ": cannot be read (no such file)");
    assertRefused(empty, empty + ": contains no certificate (expected PEM)");
    assertRefused(text, text + ": not a certificate (expected PEM)");
  }

  private static void assertRefused(Path certificate, String reason) {
    ListenerTls tls = new ListenerTls(certificate, certificate, Optional.empty());
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> ServerTls.context("metrics", tls));
    assertEquals(
        "metrics.tls: " + reason + "; expected: a certificate and its key, as PEM files",
        refused.getMessage());
  }
}
