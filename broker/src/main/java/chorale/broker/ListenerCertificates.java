package chorale.broker;

import chorale.config.BrokerSettings.ListenerTls;
import chorale.config.WatchedFiles;
import chorale.protocol.tls.PemFiles;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;

/**
 * The TLS configuration of both listeners, from PEM files that are reloaded when they change. New
 * connections use the new files; invalid files are reported, and the old certificate stays in use.
 * For one thread.
 */
final class ListenerCertificates {
  private static final Logger LOG = System.getLogger(EmbeddedBroker.class.getName());

  private final ListenerTls files;
  private final Clock clock;
  private final WatchedFiles watched;
  private SslContext context;

  /** Throws an {@link IllegalArgumentException} that names the key, the file and the mistake. */
  ListenerCertificates(ListenerTls files, Clock clock) {
    this.files = files;
    this.clock = clock;
    List<Path> all = new ArrayList<>(List.of(files.certificate(), files.key()));
    files.clientCa().ifPresent(all::add);
    this.watched = new WatchedFiles(all);
    this.context = read();
  }

  boolean asksClients() {
    return files.clientCa().isPresent();
  }

  SslContext context() {
    return context;
  }

  /** Reloads the files if one has changed, and passes on the new context. */
  void refresh(Consumer<SslContext> changed) {
    if (!watched.haveChanged()) {
      return;
    }
    try {
      context = read();
      changed.accept(context);
      LOG.log(Level.INFO, "reloaded {0} and the other files of broker.tls", files.certificate());
    } catch (IllegalArgumentException e) {
      LOG.log(Level.WARNING, "{0}; the old certificate stays in use", e.getMessage());
    }
  }

  private SslContext read() {
    X509Certificate[] chain = in("certificate", () -> PemFiles.certificates(files.certificate()));
    X509Certificate own = chain[0];
    SslContextBuilder builder =
        SslContextBuilder.forServer(in("key", () -> PemFiles.keyOf(own, files.key())), chain)
            .sslProvider(SslProvider.JDK);
    Optional<X509Certificate[]> clients =
        files.clientCa().map(file -> in("client-ca", () -> PemFiles.certificates(file)));
    clients.ifPresent(ca -> builder.trustManager(ca).clientAuth(ClientAuth.REQUIRE));
    reportDates(own);
    try {
      return builder.build();
    } catch (SSLException e) {
      throw new IllegalArgumentException(
          "broker.tls: " + files.certificate() + " cannot be used: " + e.getMessage(), e);
    }
  }

  private static <T> T in(String key, java.util.function.Supplier<T> read) {
    try {
      return read.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("broker.tls." + key + ": " + e.getMessage(), e);
    }
  }

  /**
   * Warns about an expired or not yet valid certificate; clients refuse it, some without a reason.
   */
  private void reportDates(X509Certificate own) {
    try {
      own.checkValidity(Date.from(clock.instant()));
    } catch (CertificateException e) {
      LOG.log(
          Level.WARNING,
          "{0} is valid from {1} to {2}, but this machine''s clock says {3}; renew it, or set the clock",
          files.certificate(),
          own.getNotBefore().toInstant(),
          own.getNotAfter().toInstant(),
          clock.instant());
    }
  }
}
