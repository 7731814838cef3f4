package chorale.bench;

import chorale.bench.Figure.Target;
import chorale.evaluation.measurement.MeasurementException;
import chorale.mqtt.PahoBus;
import chorale.protocol.Bytes;
import chorale.protocol.Message;
import chorale.protocol.Topics;
import chorale.site.ChildProcess;
import chorale.site.FreePort;
import chorale.site.LocalBroker;
import chorale.site.TemporaryFolder;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A measurement of the dashboard's page in Chromium: the time until a result is visible, the cost
 * of the page, and its reaction to a killed broker. Results are published as an aggregator would;
 * broker and dashboard are real processes.
 */
final class PagePart extends BenchPart {
  private static final Topics TOPICS = new Topics("bench-page");
  private static final int RATE = 20;
  private static final int CAMERAS = 30;
  private static final int MANY_CAMERAS = 300;

  /** Records when each class name was drawn: the first animation frame after the change. */
  private static final String WATCH =
      """
      window.seen = [];
      window.tasks = [];
      new PerformanceObserver(list => tasks.push(...list.getEntries().map(each => each.duration)))
          .observe({type: 'longtask'});
      new MutationObserver(list => {
        const texts = list.map(each => each.target).filter(each => each.className === 'class')
            .map(each => each.textContent);
        if (texts.length) requestAnimationFrame(() => texts.forEach(text => seen.push([text, Date.now()])));
      }).observe(document.getElementById('cards'), {subtree: true, childList: true});
      true
      """;

  /** Scrolls up and down without end, and reads nothing that forces a layout. */
  private static final String SCROLL =
      """
      let at = 0, step = 40;
      const last = document.body.scrollHeight - innerHeight;
      window.scroller = setInterval(() => {
        at += step;
        if (at > last || at < 0) step = -step;
        scrollTo(0, at);
      }, 50);
      true
      """;

  private static final String TRANSFERRED =
      """
      [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
          .reduce((sum, each) => sum + each.transferSize, 0)
      """;

  private static final String IS_LIVE = "document.getElementById('link').dataset.kind === 'up'";

  private long seq;

  PagePart() {
    super("page", "the dashboard's page in Chromium: latency, bytes, script time, a lost broker");
  }

  @Override
  Optional<String> lacks(BenchSettings settings) {
    if (Chromium.find().isEmpty()) {
      return Optional.of("no chromium on the PATH (Debian: apt install chromium)");
    }
    return settings.broker().contains("://")
        ? Optional.of("this part kills its broker; allowed: hivemq, mosquitto")
        : Optional.empty();
  }

  @Override
  Findings run(BenchSettings settings) throws Exception {
    FigureList figures = new FigureList();
    int seconds = settings.either(60, 3);
    int port = FreePort.find();
    try (TemporaryFolder folder = TemporaryFolder.create("chorale-bench-page-");
        ResourceStack resources = new ResourceStack()) {
      LocalBroker broker = LocalBroker.start(settings.broker(), port, folder.path());
      resources.add(broker);
      BenchClient client =
          resources.add(BenchClient.open(PahoBus.factory(broker.connection()), "page"));
      int webPort = FreePort.find();
      ChildProcess dashboard = dashboard(broker, webPort, folder);
      resources.add((AutoCloseable) () -> dashboard.end(2_000));
      String address = "http://127.0.0.1:" + webPort + '/';
      awaitServed(address);
      Chromium page =
          resources.add(Chromium.start(Files.createDirectory(folder.path().resolve("profile"))));
      page.size(1440, 5_000);
      publishAll(client, CAMERAS);
      settings.tell("%d results a second of %d cameras".formatted(RATE, CAMERAS));
      firstView(figures, page, address);
      load(figures, page, client, seconds);
      figures.judged(
          "dashboard, resident memory",
          "MB",
          Target.atMost(150),
          List.of(dashboard.residentKibibytes().orElse(0) / 1e3));
      many(figures, settings, page, client, seconds);
      lostBroker(figures, settings, page, client, broker, resources, port, folder);
      figures.once(
          "dashboard, resident memory at the end",
          "MB",
          dashboard.residentKibibytes().orElse(0) / 1e3);
    }
    return new Findings(
        figures.figures(),
        List.of(),
        List.of(
            "All processes share this machine. Visible: the first animation frame after the card"
                + " has changed. Script time is processor time of the page's thread, without the"
                + " shared worker that holds the connection. The length of a task is wall-clock"
                + " time, so it includes waits for other processes."));
  }

  private static ChildProcess dashboard(LocalBroker broker, int webPort, TemporaryFolder folder)
      throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of("dashboard", "--port", String.valueOf(webPort), "--site", TOPICS.site()));
    arguments.addAll(broker.arguments());
    return ChildProcess.start(
        new ChildProcess.Plan("dashboard", 96, arguments, broker.environment()), folder.path());
  }

  private static void awaitServed(String address) throws Exception {
    HttpRequest ready = HttpRequest.newBuilder(URI.create(address + "readyz")).build();
    HttpClient http = HttpClient.newHttpClient();
    for (int i = 0; i < 600; i++) {
      try {
        if (http.send(ready, BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
      } catch (ConnectException e) {
        // Not listening yet.
      }
      Thread.sleep(100);
    }
    throw new MeasurementException("the dashboard was not ready within 60 s");
  }

  /** Measures what a browser with an empty cache transfers until the cards are drawn. */
  private static void firstView(FigureList figures, Chromium page, String address)
      throws Exception {
    page.open(address);
    double shown = page.await("document.querySelectorAll('.card .class').length >= " + CAMERAS);
    double worker = compressed(address, "worker.js", "state.js", "stream.js");
    double events = firstEvent(address);
    double transferred = page.evaluate(TRANSFERRED).asDouble();
    figures.judged(
        "page, transferred until the first view",
        "KB",
        Target.atMost(250),
        List.of((transferred + worker + events) / 1e3));
    figures.once("page, from the address to the cards", "ms", shown);
  }

  private static double compressed(String address, String... files) throws Exception {
    double sum = 0;
    for (String file : files) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(address + file))
              .header("Accept-Encoding", "gzip")
              .build();
      sum += HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray()).body().length;
    }
    return sum;
  }

  private static double firstEvent(String address) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(address + "events")).build();
    var response = HttpClient.newHttpClient().send(request, BodyHandlers.ofLines());
    try (var lines = response.body()) {
      return lines.filter(line -> line.startsWith("data: ")).findFirst().orElseThrow().length();
    }
  }

  private void load(FigureList figures, Chromium page, BenchClient client, int seconds)
      throws Exception {
    page.await(IS_LIVE);
    page.evaluate(WATCH);
    double script = page.metric("ScriptDuration");
    double tasks = page.metric("TaskDuration");
    List<Double> latencies = latencies(page, publish(client, CAMERAS, seconds));
    if (latencies.size() < 0.9 * RATE * seconds) {
      throw new MeasurementException(
          "of %d results only %d became visible".formatted(RATE * seconds, latencies.size()));
    }
    figures.judged(
        "result published to visible, p99",
        "ms",
        Target.atMost(250),
        List.of(quantile(latencies, 0.99)));
    figures.once("result published to visible, p50", "ms", quantile(latencies, 0.5));
    figures.judged(
        "page, script time a second",
        "ms",
        Target.atMost(100),
        List.of(1e3 * (page.metric("ScriptDuration") - script) / seconds));
    figures.once(
        "page, time of all tasks a second",
        "ms",
        1e3 * (page.metric("TaskDuration") - tasks) / seconds);
  }

  private void many(
      FigureList figures, BenchSettings settings, Chromium page, BenchClient client, int seconds)
      throws Exception {
    settings.tell("%d results a second of %d cameras".formatted(RATE, MANY_CAMERAS));
    page.size(1440, 1_000);
    publishAll(client, MANY_CAMERAS);
    page.await("document.querySelectorAll('.slot').length === " + MANY_CAMERAS);
    Thread.sleep(2_000);
    page.evaluate("tasks.length = 0; seen.length = 0; true");
    double script = page.metric("ScriptDuration");
    page.evaluate(SCROLL);
    publish(client, MANY_CAMERAS, seconds);
    double longest = page.evaluate("clearInterval(scroller); Math.max(0, ...tasks)").asDouble();
    figures.judged(
        "page with 300 cameras, scrolled: longest task",
        "ms",
        Target.atMost(100),
        List.of(longest));
    figures.once(
        "page with 300 cameras, script time a second",
        "ms",
        1e3 * (page.metric("ScriptDuration") - script) / seconds);
  }

  private void lostBroker(
      FigureList figures,
      BenchSettings settings,
      Chromium page,
      BenchClient client,
      LocalBroker broker,
      ResourceStack resources,
      int port,
      TemporaryFolder folder)
      throws Exception {
    settings.tell("killing and restarting the broker");
    broker.process().orElseThrow().kill();
    double shown = page.await("!document.getElementById('banner').hidden");
    figures.judged(
        "broker killed: the page shows it after", "s", Target.atMost(10), List.of(shown / 1e3));
    Thread.sleep(2_000);
    resources.add(LocalBroker.start(settings.broker(), port, folder.path()));
    long began = System.nanoTime();
    String name = "back";
    client.publish(result("camera-000", name));
    page.evaluate("scrollTo(0, 0); true");
    page.await(IS_LIVE);
    page.await(
        "document.getElementById('camera-camera-000').closest('.card').innerText.includes('"
            + name
            + "')");
    figures.judged(
        "broker back: the page is right again after",
        "s",
        Target.atMost(3),
        List.of((System.nanoTime() - began) / 1e9));
  }

  private void publishAll(BenchClient client, int cameras) {
    for (int i = 0; i < cameras; i++) {
      client.publish(result(camera(i), "first"));
    }
  }

  /** Returns when each class name was published. */
  private Map<String, Long> publish(BenchClient client, int cameras, int seconds)
      throws InterruptedException {
    Map<String, Long> published = new HashMap<>();
    long began = System.nanoTime();
    for (int i = 0; i < RATE * seconds; i++) {
      long due = began + TimeUnit.SECONDS.toNanos(i) / RATE;
      TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
      String name = "c" + seq;
      published.put(name, System.currentTimeMillis());
      client.publish(result(camera(i % cameras), name));
    }
    Thread.sleep(1_000);
    return published;
  }

  private static List<Double> latencies(Chromium page, Map<String, Long> published)
      throws Exception {
    List<Double> latencies = new ArrayList<>();
    for (JsonNode each : page.evaluate("seen")) {
      Long at = published.remove(each.get(0).asText());
      if (at != null) {
        latencies.add(each.get(1).asDouble() - at);
      }
    }
    return latencies.stream().sorted().toList();
  }

  private static double quantile(List<Double> sorted, double which) {
    return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(which * sorted.size())));
  }

  private static String camera(int number) {
    return "camera-%03d".formatted(number);
  }

  /** Returns a result in the format of the protocol, with five votes. */
  private Message result(String camera, String name) {
    StringBuilder votes = new StringBuilder();
    for (int v = 1; v <= 5; v++) {
      votes.append(
          "%s{\"worker\":\"pi-%d\",\"variant\":\"V%d\",\"class\":\"%s\",\"probability\":0.%d,\"inference_ms\":%d.5,\"arrived_ms\":%d.25}"
              .formatted(v == 1 ? "" : ",", v, v, name, 70 + (seq + v) % 29, 3 * v, 5 * v));
    }
    String json =
        """
        {"schema":1,"request_id":"%032x","camera":"%s","ts":"%s","status":"answered",\
        "class":"%s","class_index":3,"confidence":0.9,"score":0.81,\
        "topk":[{"class":"%s","class_index":3,"score":0.81}],"fusion":"scaled-sum","decided_by":"all",\
        "answered":[%s],"missing":[],"latency_ms":2.3,"deadline_ms":1000,"aggregator":"a1","seq":%d,\
        "repeated":false}"""
            .formatted(seq, camera, Instant.now(), name, name, votes, seq);
    seq++;
    return Message.retained(TOPICS.result(camera), Bytes.utf8(json));
  }
}
