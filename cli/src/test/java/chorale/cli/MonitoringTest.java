package chorale.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.site.ChildProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The HTTP endpoints of services, and {@code status}, with real processes. */
final class MonitoringTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String NO_BROKER = "mqtt://127.0.0.1:1";
  private static final String MODELS = "../variants/models/cifar10";

  @TempDir private Path scratch;
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Started> started = new ArrayList<>();

  private final class Started {
    private final String name;
    private final ChildProcess process;

    Started(String... arguments) throws IOException {
      name = arguments[0] + started.size();
      ChildProcess.Plan plan = new ChildProcess.Plan(name, 256, List.of(arguments), Map.of());
      process = ChildProcess.start(plan, scratch);
      started.add(this);
    }

    String log() throws IOException {
      return Files.readString(scratch.resolve(name + ".log"));
    }

    String address(String scheme) {
      Pattern pattern = Pattern.compile(scheme + "://127\\.0\\.0\\.1:\\d+");
      return await()
          .atMost(PATIENCE)
          .until(
              () -> {
                assertTrue(process.isAlive(), log());
                Matcher matcher = pattern.matcher(log());
                return matcher.find() ? Optional.of(matcher.group()) : Optional.<String>empty();
              },
              Optional::isPresent)
          .orElseThrow();
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
      URI uri = URI.create(address("http") + path);
      return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    void awaitReady() {
      await().atMost(PATIENCE).until(() -> get("/readyz").statusCode() == 200);
    }
  }

  @AfterEach
  void end() {
    started.forEach(each -> each.process.kill());
    await()
        .atMost(PATIENCE)
        .until(() -> started.stream().noneMatch(each -> each.process.isAlive()));
  }

  private Started aggregator(String broker) throws IOException {
    return new Started("aggregator", "--name", "hub", "--broker", broker, "--metrics-port", "0");
  }

  private Started worker(String variant, String broker) throws IOException {
    return new Started(
        "worker",
        "--name",
        "pi-" + variant,
        "--variant",
        variant,
        "--models",
        MODELS,
        "--broker",
        broker,
        "--metrics-port",
        "0");
  }

  private static void assertHas(String text, String line) {
    assertTrue(text.lines().anyMatch(line::equals), () -> line + " is not in\n" + text);
  }

  private static int status(StringWriter out, String broker) {
    CommandLine command = Chorale.commandLine();
    command.setOut(new PrintWriter(out));
    command.setErr(new PrintWriter(out));
    return command.execute("status", "--broker", broker);
  }

  private static void assertStatus(int code, String part, String broker) {
    StringWriter out = new StringWriter();
    assertEquals(code, status(out, broker), out::toString);
    assertTrue(out.toString().contains(part), out::toString);
  }

  @Test
  void services_withAPort_serveTheirCounters_andStatusSetsTheExitCode() throws Exception {
    Started broker = new Started("broker", "--port", "0", "--metrics-port", "0");
    String uri = broker.address("mqtt");
    assertEquals(200, broker.get("/livez").statusCode());
    assertEquals(200, broker.get("/readyz").statusCode());
    assertStatus(ExitCodes.DOWN, "No aggregator is ready.", uri);

    Started aggregator = aggregator(uri);
    Started worker = worker("V1", uri);
    Started other = worker("V2", uri);
    List.of(aggregator, worker, other).forEach(Started::awaitReady);
    await().atMost(PATIENCE).until(() -> status(new StringWriter(), uri) == ExitCodes.OK);
    assertEquals(200, worker.get("/livez").statusCode());
    String brokers = broker.get("/metrics").body();
    assertHas(brokers, "chorale_broker_messages_lost_total{reason=\"dropped\"} 0.0");
    String aggregators = aggregator.get("/metrics").body();
    assertHas(aggregators, "chorale_aggregator_up{aggregator=\"hub\",site=\"home\"} 1.0");
    assertHas(
        aggregators,
        "chorale_aggregator_frames_received_total{aggregator=\"hub\",site=\"home\"} 0.0");
    String workers = worker.get("/metrics").body();
    assertHas(workers, "chorale_worker_up{site=\"home\",worker=\"pi-V1\"} 1.0");
    for (String each : List.of(brokers, aggregators, workers)) {
      assertTrue(each.contains("_resident_bytes"), each);
    }

    other.process.kill();

    await().atMost(PATIENCE).until(() -> status(new StringWriter(), uri) == ExitCodes.DEGRADED);
    assertStatus(ExitCodes.DEGRADED, "Variant V2 is missing", uri);
    worker.process.kill();
    await().atMost(PATIENCE).until(() -> status(new StringWriter(), uri) == ExitCodes.DOWN);
    assertStatus(ExitCodes.DOWN, "No board is online.", uri);
  }

  @Test
  void status_withoutABroker_isOneLine() {
    StringWriter out = new StringWriter();

    assertEquals(ExitCodes.FAILURE, status(out, NO_BROKER));
    assertTrue(out.toString().startsWith("chorale: no connection to " + NO_BROKER), out::toString);
    assertEquals(1, out.toString().lines().count(), out::toString);
  }

  @Test
  void service_withoutItsBroker_runsAndIsNotReady() throws Exception {
    Started aggregator = aggregator(NO_BROKER);

    assertEquals(200, aggregator.get("/livez").statusCode());
    assertEquals(503, aggregator.get("/readyz").statusCode());
    assertHas(
        aggregator.get("/metrics").body(),
        "chorale_aggregator_up{aggregator=\"hub\",site=\"home\"} 0.0");
  }

  @Test
  void metricsPort_inUse_isOneLine() throws Exception {
    Started first = aggregator(NO_BROKER);
    String port = first.address("http").replaceAll(".*:", "");

    Started second =
        new Started("aggregator", "--broker", NO_BROKER, "--metrics-port", port, "--name", "b");

    await().atMost(PATIENCE).until(() -> !second.process.isAlive());
    assertTrue(second.log().contains("chorale: metrics.port: cannot listen on"), second.log());
    assertTrue(second.log().contains(port), second.log());
  }

  /** The JDK's server keeps a thread for each incomplete request, up to 20 s. */
  @Test
  void dashboard_withManySlowClients_answersOthers() throws Exception {
    Started dashboard = new Started("dashboard", "--broker", NO_BROKER, "--port", "0");
    int port = URI.create(dashboard.address("http")).getPort();
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 100; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        slow.add(socket);
        socket.getOutputStream().write("GET / HT".getBytes(StandardCharsets.US_ASCII));
      }

      assertEquals(200, dashboard.get("/livez").statusCode());

      Socket last = slow.get(slow.size() - 1);
      last.setSoTimeout(1);
      assertThrows(
          SocketTimeoutException.class, () -> last.getInputStream().read(), "it is still open");
    } finally {
      for (Socket each : slow) {
        each.close();
      }
    }
  }
}
