package chorale.dashboard.web;

import chorale.monitoring.http.Responses;
import chorale.protocol.Bytes;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.zip.GZIPOutputStream;

/** The files of the page, loaded from the class path and compressed once. Immutable. */
final class PageFiles {
  static final String INDEX = "index.html";

  private static final String WEBJAR = "org.webjars.npm/uplot";
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml",
          "webmanifest", "application/manifest+json");

  private final Map<String, PageFile> files = new LinkedHashMap<>();

  /**
   * @param compressed with gzip
   * @param tag changes with the content (RFC 9110, section 8.8.3)
   */
  record PageFile(String type, Bytes content, Bytes compressed, String tag) {}

  PageFiles() {
    for (String name :
        new String[] {
          INDEX,
          "app.css",
          "app.js",
          "cards.js",
          "fleet.js",
          "plots.js",
          "state.js",
          "stream.js",
          "try.js",
          "words.js",
          "worker.js",
          "icon.svg",
          "page.webmanifest"
        }) {
      files.put(name, file(name, "/chorale/dashboard/web/page/" + name));
    }
    String uplot = "/META-INF/resources/webjars/uplot/" + uplotVersion() + "/dist/";
    files.put("uplot.js", file("uplot.js", uplot + "uPlot.iife.min.js"));
    files.put("uplot.css", file("uplot.css", uplot + "uPlot.min.css"));
  }

  Optional<PageFile> find(String name) {
    return Optional.ofNullable(files.get(name));
  }

  static void send(HttpExchange exchange, PageFile file) throws IOException {
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
    Responses.body(exchange, 200, gzip ? file.compressed() : file.content());
  }

  private static String uplotVersion() {
    Properties properties = new Properties();
    try (InputStream in = open("/META-INF/maven/" + WEBJAR + "/pom.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }

  private static PageFile file(String name, String resource) {
    String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    try (InputStream in = open(resource)) {
      byte[] content = in.readAllBytes();
      return new PageFile(type, Bytes.wrap(content), Bytes.wrap(gzip(content)), tag(content));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String resource) {
    InputStream in = PageFiles.class.getResourceAsStream(resource);
    if (in == null) {
      throw new IllegalStateException("this build lacks " + resource);
    }
    return in;
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    }
    return out.toByteArray();
  }

  private static String tag(byte[] content) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
      return '"' + HexFormat.of().formatHex(digest, 0, 8) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every Java", e);
    }
  }
}
