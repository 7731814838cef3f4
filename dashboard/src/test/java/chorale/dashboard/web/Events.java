package chorale.dashboard.web;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A reader of an event stream. */
final class Events implements AutoCloseable {
  private final HttpURLConnection connection;
  private final BufferedReader lines;

  Events(String address, String... headers) throws IOException {
    connection = (HttpURLConnection) URI.create(address).toURL().openConnection();
    for (int i = 0; i < headers.length; i += 2) {
      connection.setRequestProperty(headers[i], headers[i + 1]);
    }
    lines =
        new BufferedReader(
            new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Returns the next event; empty at the end of the stream. */
  String next() throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("data: ")) {
        return line.substring(6);
      }
    }
    return "";
  }

  boolean hasEnded() {
    try {
      return next().isEmpty();
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public void close() {
    connection.disconnect();
  }
}
