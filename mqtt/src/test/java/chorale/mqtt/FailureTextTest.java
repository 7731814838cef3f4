package chorale.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateExpiredException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FailureTextTest {
  private static Exception handshake(String message) {
    return new SSLHandshakeException(message);
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(null, "connection lost"),
        Arguments.of(new UnknownHostException("gate.local"), "no such host: gate.local"),
        Arguments.of(
            new UnknownHostException("gate.local: Name or service not known"),
            "no such host: gate.local"),
        Arguments.of(
            new ConnectException("Connection refused"),
            "nothing listens there (connection refused)"),
        Arguments.of(new ConnectException("Connection timed out"), "the host does not answer"),
        Arguments.of(new SocketTimeoutException("Connect timed out"), "the host does not answer"),
        Arguments.of(
            new NoRouteToHostException("No route to host"), "there is no route to the host"),
        Arguments.of(
            new SocketException("Connection reset"), "the connection broke (connection reset)"),
        Arguments.of(new EOFException(), "the broker closed the connection"),
        Arguments.of(new IOException(), "connection lost"),
        Arguments.of(new IllegalStateException(), "connection lost"),
        Arguments.of(
            new IllegalStateException("java.lang.IllegalStateException: no\n luck"), "no luck"),
        Arguments.of(new NegativeArraySizeException("-32768"), "-32768"),
        Arguments.of(
            new OutOfMemoryError("Java heap space"),
            "out of memory; raise the heap (-Xmx in CHORALE_JAVA_OPTS)"),
        Arguments.of(new MqttException(32000), "the broker does not answer pings"),
        Arguments.of(new MqttException(32002), "the broker accepts no more data"),
        Arguments.of(new MqttException(32109), "connection lost"),
        Arguments.of(
            new MqttException(32103, new ConnectException("Connection refused")),
            "nothing listens there (connection refused)"),
        Arguments.of(
            new SSLHandshakeException("PKIX path building failed")
                .initCause(
                    new SSLException(
                        "sun.security.provider.certpath.SunCertPathBuilderException: unable to"
                            + " find valid certification path to requested target")),
            "TLS: no known authority signed the broker's certificate; name its authority in"
                + " connection.tls.certificate-authority"),
        Arguments.of(
            handshake("Path does not chain with any of the trust anchors"),
            "TLS: no known authority signed the broker's certificate; name its authority in"
                + " connection.tls.certificate-authority"),
        Arguments.of(
            handshake("No subject alternative names matching IP address 127.0.0.2 found"),
            "TLS: the broker's certificate is for another host (No subject alternative names"
                + " matching IP address 127.0.0.2 found)"),
        Arguments.of(
            new SSLException("Unsupported or unrecognized SSL message"),
            "TLS: the broker does not speak TLS on this port"),
        Arguments.of(
            handshake("Received fatal alert: bad_certificate"),
            "TLS: the broker requires a client certificate of an authority that it trusts; set"
                + " connection.tls.certificate and connection.tls.key"),
        Arguments.of(
            handshake("Received fatal alert: unknown_ca"),
            "TLS: the broker does not trust the client certificate, connection.tls.certificate"
                + " (unknown_ca)"),
        Arguments.of(
            handshake("Received fatal alert: internal_error"),
            "TLS: the broker refuses this client (internal_error)"),
        Arguments.of(
            handshake("Remote host terminated the handshake"),
            "TLS: the broker ended the handshake"),
        Arguments.of(
            handshake("NotAfter: Sat Jan 01 00:00:00 UTC 2022"),
            "TLS: the broker's certificate has expired (NotAfter: Sat Jan 01 00:00:00 UTC 2022)"),
        Arguments.of(
            handshake("NotBefore: Mon Nov 23 00:00:00 UTC 2026"),
            "TLS: the broker's certificate is not valid yet (NotBefore: Mon Nov 23 00:00:00 UTC"
                + " 2026); set this machine's clock"),
        Arguments.of(
            handshake("Received fatal alert: certificate_required"),
            "TLS: the broker requires a client certificate of an authority that it trusts; set"
                + " connection.tls.certificate and connection.tls.key"),
        Arguments.of(new SSLException((String) null), "TLS: the handshake failed"));
  }

  @Test
  void isDistrust_certificateFailures_onlyTheseAreTrue() {
    assertTrue(FailureText.isDistrust(handshake("Received fatal alert: bad_certificate")));
    assertTrue(FailureText.isDistrust(handshake("Received fatal alert: unknown_ca")));
    assertTrue(
        FailureText.isDistrust(
            new SSLHandshakeException("PKIX")
                .initCause(new CertificateExpiredException("NotAfter"))));
    assertFalse(FailureText.isDistrust(new CertificateExpiredException("NotAfter")), "of a file");
    assertFalse(FailureText.isDistrust(handshake("Remote host terminated the handshake")));
    assertFalse(FailureText.isDistrust(handshake("Received fatal alert: internal_error")));
    assertFalse(FailureText.isDistrust(new ConnectException("Connection refused")));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void of_failure_isOneReadableLine(Throwable failure, String expected) {
    String text = FailureText.of(failure);
    assertEquals(expected, text);
    assertFalse(text.contains("Exception"), text);
  }
}
