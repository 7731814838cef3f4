package chorale.dashboard.web;

import chorale.protocol.Bytes;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;

/** Ways to answer a request, and to read one. Stateless. */
final class Responses {
  private Responses() {}

  static void file(HttpExchange exchange, PageFiles.PageFile file) throws IOException {
    Headers headers = exchange.getResponseHeaders();
    headers.set("Cache-Control", "no-cache");
    headers.set("ETag", file.tag());
    headers.set("Vary", "Accept-Encoding");
    if (file.tag().equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
      exchange.sendResponseHeaders(304, -1);
      return;
    }
    String accepted = exchange.getRequestHeaders().getFirst("Accept-Encoding");
    boolean gzip = accepted != null && accepted.contains("gzip");
    if (gzip) {
      headers.set("Content-Encoding", "gzip");
    }
    headers.set("Content-Type", file.type());
    body(exchange, 200, gzip ? file.compressed() : file.content());
  }

  /** One line for people. */
  static void text(HttpExchange exchange, int status, String line) throws IOException {
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    body(exchange, status, Bytes.utf8(line + '\n'));
  }

  static void json(HttpExchange exchange, Bytes json) throws IOException {
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    body(exchange, 200, json);
  }

  static void empty(HttpExchange exchange, int status) throws IOException {
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(status, -1);
  }

  static void body(HttpExchange exchange, int status, Bytes content) throws IOException {
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
   * The body of a request.
   *
   * @throws Refusal it has more bytes than allowed
   */
  static Bytes read(HttpExchange exchange, int max) throws IOException, Refusal {
    InputStream in = exchange.getRequestBody();
    byte[] body = in.readNBytes(max + 1);
    if (body.length > max) {
      throw new Refusal(413, "more than " + max + " bytes; allowed: " + max);
    }
    return Bytes.wrap(body);
  }
}
