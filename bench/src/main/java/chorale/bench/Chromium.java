package chorale.bench;

import chorale.evaluation.measurement.MeasurementException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A headless Chromium, controlled through the DevTools protocol. Owned by one thread.
 *
 * <p>Source: https://chromedevtools.github.io/devtools-protocol/ (Page, Runtime, Performance,
 * Emulation).
 */
final class Chromium implements AutoCloseable {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");
  private static final long PATIENCE_SECONDS = 60;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final WebSocket socket;
  private final Map<Integer, CompletableFuture<JsonNode>> waiting;
  private int sent;

  private Chromium(
      Process process, WebSocket socket, Map<Integer, CompletableFuture<JsonNode>> waiting) {
    this.process = process;
    this.socket = socket;
    this.waiting = waiting;
  }

  /** Returns the program, if this machine has one. */
  static Optional<Path> find() {
    String[] folders = System.getenv().getOrDefault("PATH", "").split(":", -1);
    return NAMES.stream()
        .flatMap(name -> Stream.of(folders).map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * @param profile an empty folder
   */
  static Chromium start(Path profile) throws Exception {
    Process process =
        new ProcessBuilder(
                find().orElseThrow().toString(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      return connect(process, pageSocket(process, profile.resolve("DevToolsActivePort")));
    } catch (Exception e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /**
   * Waits until Chromium has written its port and serves it, and returns the address of its page.
   */
  private static URI pageSocket(Process process, Path portFile) throws Exception {
    HttpClient http = HttpClient.newHttpClient();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (process.isAlive() && System.nanoTime() < end) {
      Thread.sleep(50);
      if (!Files.exists(portFile) || Files.readAllLines(portFile).isEmpty()) {
        continue;
      }
      URI list =
          URI.create("http://127.0.0.1:" + Files.readAllLines(portFile).get(0) + "/json/list");
      JsonNode pages;
      try {
        HttpRequest request = HttpRequest.newBuilder(list).build();
        pages = JSON.readTree(http.send(request, BodyHandlers.ofString()).body());
      } catch (IOException e) {
        continue; // not listening yet
      }
      for (JsonNode page : pages) {
        if (page.path("type").asText().equals("page")) {
          return URI.create(page.path("webSocketDebuggerUrl").asText());
        }
      }
    }
    throw new MeasurementException("Chromium did not start within " + PATIENCE_SECONDS + " s");
  }

  private static Chromium connect(Process process, URI page) throws Exception {
    Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
    WebSocket.Listener listener =
        new WebSocket.Listener() {
          private final StringBuilder text = new StringBuilder();

          @Override
          public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
              answer(text.toString());
              text.setLength(0);
            }
            socket.request(1);
            return null;
          }

          private void answer(String message) {
            try {
              JsonNode json = JSON.readTree(message);
              CompletableFuture<JsonNode> asked = waiting.remove(json.path("id").asInt());
              if (asked != null) {
                asked.complete(json);
              }
            } catch (IOException e) {
              throw new IllegalStateException(e);
            }
          }
        };
    WebSocket socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(page, listener)
            .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    Chromium chromium = new Chromium(process, socket, waiting);
    // Processor time of the page's thread, without waits for other processes.
    chromium.send("Performance.enable", JSON.createObjectNode().put("timeDomain", "threadTicks"));
    chromium.send("Page.enable", JSON.createObjectNode());
    return chromium;
  }

  private JsonNode send(String method, ObjectNode parameters)
      throws MeasurementException, InterruptedException {
    int id = ++sent;
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
    message.set("params", parameters);
    try {
      socket.sendText(message.toString(), true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      JsonNode json = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (json.has("error")) {
        throw new MeasurementException("Chromium: " + method + ": " + json.get("error"));
      }
      return json.path("result");
    } catch (ExecutionException | TimeoutException e) {
      throw new MeasurementException("Chromium does not answer: " + method);
    }
  }

  void size(int width, int height) throws MeasurementException, InterruptedException {
    ObjectNode metrics =
        JSON.createObjectNode()
            .put("width", width)
            .put("height", height)
            .put("deviceScaleFactor", 1)
            .put("mobile", false);
    send("Emulation.setDeviceMetricsOverride", metrics);
  }

  void open(String address) throws MeasurementException, InterruptedException {
    send("Page.navigate", JSON.createObjectNode().put("url", address));
  }

  /** Returns the value of an expression as JSON. */
  JsonNode evaluate(String expression) throws MeasurementException, InterruptedException {
    ObjectNode parameters =
        JSON.createObjectNode()
            .put("expression", expression)
            .put("returnByValue", true)
            .put("awaitPromise", true);
    JsonNode result = send("Runtime.evaluate", parameters);
    if (result.has("exceptionDetails")) {
      throw new MeasurementException("in the page: " + result.get("exceptionDetails"));
    }
    return result.path("result").path("value");
  }

  /**
   * Waits until an expression is true.
   *
   * @return the time until then, in ms
   * @throws MeasurementException it was not true within 60 s
   */
  double await(String expression) throws MeasurementException, InterruptedException {
    long began = System.nanoTime();
    while (!evaluate("Boolean(" + expression + ")").asBoolean()) {
      if (System.nanoTime() - began > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
        throw new MeasurementException("not true within 60 s: " + expression);
      }
      Thread.sleep(20);
    }
    return (System.nanoTime() - began) / 1e6;
  }

  /** Returns processor time of the page's thread in seconds: ScriptDuration, TaskDuration. */
  double metric(String name) throws MeasurementException, InterruptedException {
    for (JsonNode each : send("Performance.getMetrics", JSON.createObjectNode()).path("metrics")) {
      if (each.path("name").asText().equals(name)) {
        return each.path("value").asDouble();
      }
    }
    throw new MeasurementException("Chromium has no metric " + name);
  }

  @Override
  public void close() {
    socket.abort();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
