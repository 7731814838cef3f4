package chorale.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SiteAuthorityTest {
  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
  private static final Credential OWN = SiteAuthority.create("home", NOW, new SecureRandom());
  private static final SiteAuthority AUTHORITY = new SiteAuthority(OWN, NOW, new SecureRandom());

  private static void validate(Credential issued, Instant at) throws Exception {
    PKIXParameters parameters =
        new PKIXParameters(
            Set.of(new TrustAnchor(SiteAuthority.certificate(OWN.certificate()), null)));
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(at));
    CertPathValidator.getInstance("PKIX")
        .validate(
            CertificateFactory.getInstance("X.509")
                .generateCertPath(List.of(SiteAuthority.certificate(issued.certificate()))),
            parameters);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1970-01-01T00:00:00Z", "2026-11-23T10:00:00Z", "2031-11-22T09:00:00Z"})
  void issued_anyClockOfABoard_isValid(String clock) throws Exception {
    validate(AUTHORITY.broker(List.of("hub.local")), Instant.parse(clock));
    validate(AUTHORITY.client("pi1"), Instant.parse(clock));
  }

  @Test
  void broker_names_areItsHostsAndLoopback() throws Exception {
    X509Certificate broker =
        SiteAuthority.certificate(
            AUTHORITY
                .broker(List.of("hub.local", "192.168.1.10", "fd00::7", "localhost"))
                .certificate());
    List<String> names =
        broker.getSubjectAlternativeNames().stream().map(each -> each.get(1).toString()).toList();
    assertEquals(
        List.of(
            "hub.local",
            "192.168.1.10",
            "fd00:0:0:0:0:0:0:7",
            "localhost",
            "127.0.0.1",
            "0:0:0:0:0:0:0:1"),
        names);
    assertEquals(List.of("1.3.6.1.5.5.7.3.1"), broker.getExtendedKeyUsage(), "a server's");
    assertEquals(-1, broker.getBasicConstraints(), "no authority");
  }

  @Test
  void client_certificate_hasTheMembersName() throws Exception {
    X509Certificate client = SiteAuthority.certificate(AUTHORITY.client("pi1").certificate());
    assertEquals("CN=pi1", client.getSubjectX500Principal().getName());
    assertEquals(List.of("1.3.6.1.5.5.7.3.2"), client.getExtendedKeyUsage(), "a client's");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hub",
        "hub.local",
        "my_hub-1.lan",
        "192.168.1.10",
        "::1",
        "fd00::7",
        "1.2.3.4.lan"
      })
  void isHost_namesAndAddresses_areAccepted(String host) {
    assertTrue(SiteAuthority.isHost(host));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "1.2.3", "1.2.3.400", "*.lan", "a/b", "[::1]", "a..b", "x:y"})
  void isHost_others_areRejected(String host) {
    assertFalse(SiteAuthority.isHost(host));
  }
}
