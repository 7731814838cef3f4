package chorale.dashboard.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A reverse proxy that serves a site below a prefix and removes the prefix. */
final class PrefixProxy implements AutoCloseable {
  static final String PREFIX = "/panel/";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final String target;

  PrefixProxy(String target) throws IOException {
    this.target = target;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(PREFIX, this::forward);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + PREFIX;
  }

  private void forward(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().toString().substring(PREFIX.length());
    HttpURLConnection to = (HttpURLConnection) URI.create(target + path).toURL().openConnection();
    to.setRequestMethod(exchange.getRequestMethod());
    for (String header : List.of("Cookie", "Content-Type", "If-None-Match")) {
      String value = exchange.getRequestHeaders().getFirst(header);
      if (value != null) {
        to.setRequestProperty(header, value);
      }
    }
    int status = to.getResponseCode();
    to.getHeaderFields()
        .forEach(
            (name, values) -> {
              if (name != null && !name.equalsIgnoreCase("Content-length")) {
                exchange.getResponseHeaders().put(name, values);
              }
            });
    exchange.getResponseHeaders().remove("Transfer-encoding");
    exchange.sendResponseHeaders(status, status == 304 ? -1 : 0);
    try (exchange) {
      InputStream in = status >= 400 ? to.getErrorStream() : to.getInputStream();
      if (in != null && status != 304) {
        copy(in, exchange.getResponseBody());
      }
    }
  }

  private static void copy(InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[8192];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      out.write(buffer, 0, read);
      out.flush();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
