package chorale.mqtt;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.eclipse.paho.mqttv5.common.MqttException;

/**
 * Readable one-line texts, without class names, for failures of the network, TLS and Paho.
 * Stateless.
 */
final class FailureText {
  private static final String ALERT = "Received fatal alert: ";
  private static final String LOST = "connection lost";
  private static final String NOTHING_LISTENS = "nothing listens there";

  private FailureText() {}

  static String of(Throwable failure) {
    if (failure == null) {
      return LOST;
    }
    Throwable root = root(failure);
    return isTls(failure) ? tls(said(root)) : network(root);
  }

  /** Returns whether the two sides do not trust each other, so that a retry alone does not help. */
  static boolean isDistrust(Throwable failure) {
    if (!isTls(failure)) {
      return false;
    }
    Throwable root = root(failure);
    return root instanceof GeneralSecurityException
        || said(root).contains("_certificate")
        || said(root).contains("certificate_")
        || said(root).contains("unknown_ca");
  }

  private static boolean isTls(Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof SSLException) {
        return true;
      }
    }
    return false;
  }

  private static Throwable root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  /** Returns whether the host is reachable and refuses to connect. */
  static boolean isNothingListening(Throwable failure) {
    return of(failure).startsWith(NOTHING_LISTENS);
  }

  private static String network(Throwable root) {
    if (root instanceof UnknownHostException) {
      return "no such host: " + said(root).replaceAll(":.*", "");
    } else if (root instanceof SocketTimeoutException || said(root).contains("timed out")) {
      return "the host does not answer";
    } else if (root instanceof NoRouteToHostException) {
      return "there is no route to the host";
    } else if (root instanceof ConnectException) {
      return NOTHING_LISTENS + " (" + said(root).toLowerCase(Locale.ROOT) + ")";
    } else if (root instanceof EOFException) {
      return "the broker closed the connection";
    } else if (root instanceof SocketException) {
      return "the connection broke (" + said(root).toLowerCase(Locale.ROOT) + ")";
    } else if (root instanceof MqttException e) {
      return paho(e.getReasonCode());
    } else if (root instanceof OutOfMemoryError) {
      return "out of memory; raise the heap (-Xmx in CHORALE_JAVA_OPTS)";
    }
    return said(root).isEmpty() ? LOST : said(root);
  }

  private static String tls(String said) {
    // Java reports the second one if the authority has the same name as a trusted one.
    if (said.contains("unable to find valid certification path")
        || said.contains("Path does not chain with any of the trust anchors")) {
      return "TLS: no known authority signed the broker's certificate;"
          + " name its authority in connection.tls.certificate-authority";
    } else if (said.contains("subject alternative") || said.contains("No name matching")) {
      return "TLS: the broker's certificate is for another host (" + said + ")";
    } else if (said.contains("Unsupported or unrecognized SSL message")) {
      return "TLS: the broker does not speak TLS on this port";
    } else if (said.startsWith("NotAfter")) {
      return "TLS: the broker's certificate has expired (" + said + ")";
    } else if (said.startsWith("NotBefore")) {
      return "TLS: the broker's certificate is not valid yet ("
          + said
          + "); set this machine's clock";
    } else if (said.startsWith(ALERT)) {
      return "TLS: " + alert(said.substring(ALERT.length()));
    } else if (said.contains("terminated the handshake") || said.contains("SSL peer shut down")) {
      return "TLS: the broker ended the handshake";
    }
    return "TLS: " + (said.isEmpty() ? "the handshake failed" : said);
  }

  /**
   * Describes a TLS alert of the broker. Alerts about certificates concern the client's. If the
   * client's certificate is not from an authority that the broker accepts, Java sends none, and the
   * alert for a missing certificate is "bad certificate".
   */
  private static String alert(String alert) {
    return switch (alert) {
      case "certificate_required", "bad_certificate" ->
          "the broker requires a client certificate of an authority that it trusts; set"
              + " connection.tls.certificate and connection.tls.key";
      case "certificate_unknown", "unknown_ca" ->
          "the broker does not trust the client certificate, connection.tls.certificate ("
              + alert
              + ")";
      default -> "the broker refuses this client (" + alert + ")";
    };
  }

  /** Returns the message without class names. */
  private static String said(Throwable failure) {
    String message = failure.getMessage() == null ? "" : failure.getMessage();
    return message
        .replaceAll("(?:[a-z]\\w*\\.)+[A-Z]\\w*(?:\\$\\w+)*:?\\s*", "")
        .replaceAll("\\s+", " ")
        .strip();
  }

  private static String paho(int code) {
    return switch (code) {
      case MqttClientException.REASON_CODE_CLIENT_TIMEOUT -> "the broker does not answer pings";
      case MqttClientException.REASON_CODE_WRITE_TIMEOUT -> "the broker accepts no more data";
      case MqttClientException.REASON_CODE_NO_MESSAGE_IDS_AVAILABLE ->
          "too many messages are unacknowledged";
      default -> LOST;
    };
  }
}
