package chorale.monitoring.http;

import chorale.protocol.Bytes;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;

/** Helpers for HTTP responses and request bodies. Stateless. */
public final class Responses {
  private Responses() {}

  /** Sends one line of plain text. */
  public static void text(HttpExchange exchange, int status, String line) throws IOException {
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    body(exchange, status, Bytes.utf8(line + '\n'));
  }

  /** Sends metrics in Prometheus' text format. */
  public static void metrics(HttpExchange exchange, Bytes text) throws IOException {
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    body(exchange, 200, text);
  }

  public static void json(HttpExchange exchange, Bytes json) throws IOException {
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    body(exchange, 200, json);
  }

  public static void empty(HttpExchange exchange, int status) throws IOException {
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(status, -1);
  }

  public static void body(HttpExchange exchange, int status, Bytes content) throws IOException {
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, content.isEmpty() ? -1 : content.size());
    if (!content.isEmpty()) {
      exchange.getResponseBody().write(content.sharedArray());
    }
  }

  /**
   * Reads the body of a request.
   *
   * @throws Refusal if it has more bytes than allowed
   */
  public static Bytes read(HttpExchange exchange, int max) throws IOException, Refusal {
    InputStream in = exchange.getRequestBody();
    byte[] body = in.readNBytes(max + 1);
    if (body.length > max) {
      throw new Refusal(413, "more than " + max + " bytes; allowed: " + max);
    }
    return Bytes.wrap(body);
  }
}
