package chorale.broker;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;

/**
 * A handler that reports failed TLS handshakes, and which side does not trust the other. One per
 * connection.
 */
final class HandshakeReport extends ChannelInboundHandlerAdapter {
  private static final String ALERT = "Received fatal alert: ";

  private final BrokerLog log;

  HandshakeReport(BrokerLog log) {
    this.log = log;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    // Port scans, which only open and close the connection, are not reported.
    if (event instanceof SslHandshakeCompletionEvent done
        && !done.isSuccess()
        && !(done.cause() instanceof ClosedChannelException)) {
      String address = Doorman.address(context.channel());
      String why = why(done.cause());
      log.warn("tls " + why, Who.at(address), "a connection from " + address + " failed: " + why);
    }
    context.fireUserEventTriggered(event);
  }

  private static String why(Throwable failure) {
    if (failure instanceof NotSslRecordException) {
      return "it does not use TLS; clients use mqtts:// or wss://";
    }
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String said = String.valueOf(root.getMessage());
    if (said.startsWith(ALERT)) {
      return "the client does not trust the broker's certificate, or its host name ("
          + BrokerLog.shown(said.substring(ALERT.length()))
          + ")";
    } else if (said.startsWith("Empty client certificate chain")) {
      return "the client has no certificate, but broker.tls.client-ca requires one";
    } else if (said.contains("certification path") || said.contains("trust anchors")) {
      return "the client's certificate is not signed by an authority in broker.tls.client-ca";
    }
    return root instanceof CertificateExpiredException
        ? "the client's certificate has expired"
        : root instanceof CertificateNotYetValidException
            ? "the client's certificate is not valid yet; check the clocks"
            : "TLS: " + BrokerLog.shown(said);
  }
}
