package chorale.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.broker.BrokerUsers;
import chorale.broker.EmbeddedBroker;
import chorale.protocol.access.UserRole;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code demo} as a user starts it: real processes, a real broker, the default model set. */
class DemoTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();

  @TempDir Path folder;
  private Process demo;

  @AfterEach
  void endDemo() {
    if (demo != null) {
      demo.descendants().forEach(ProcessHandle::destroyForcibly);
      demo.destroyForcibly();
    }
  }

  @Test
  void demo_workerKilledMidway_everyRequestGetsOneResult() throws Exception {
    Path json = folder.resolve("report.json");
    start("--count", "40", "--interval", "40ms", "--right-size", "--json", json.toString());
    await("five results").atMost(PATIENCE).until(() -> results() >= 5);

    worker("V2").destroyForcibly();

    await("the end").atMost(PATIENCE).until(() -> !demo.isAlive());
    assertEquals(0, demo.exitValue(), this::output);
    String report = Files.readString(json);
    assertTrue(report.startsWith("{\"requests\":40,\"results\":40,\"duplicates\":0,"), report);
    assertTrue(report.contains("\"labeled\":40,"), report);
    assertTrue(output().contains("right-sized: "), this::output);
    assertTrue(output().contains("worker-V2 ended with code 137"), this::output);
    assertTrue(output().contains("V1 !V2"), this::output);
  }

  @Test
  void demo_classParallelism_theShippedGroupsAnswerForAllClasses() throws Exception {
    Path json = folder.resolve("report.json");
    run(List.of("--strategy", "class", "--count", "20", "--json", json.toString()));

    await("the end").atMost(PATIENCE).until(() -> !demo.isAlive());
    assertEquals(0, demo.exitValue(), this::output);
    JsonNode report = new ObjectMapper().readTree(json.toFile());
    assertEquals(20, report.get("results").asInt(), this::output);
    assertTrue(report.get("correct").asInt() >= 18, this::output);
    assertTrue(output().contains("G1 G2 G3 G4 G5"), this::output);
  }

  @Test
  void demo_killed_leavesNoProcessBehind() throws Exception {
    start("--count", "60", "--interval", "1s", "--board-factor", "2.5");
    await("a result").atMost(PATIENCE).until(() -> results() >= 1);
    assertTrue(
        output().contains("emulated boards, 2.5 times slower than their machine: demo-V1, demo-V2"),
        this::output);
    List<ProcessHandle> children = demo.descendants().toList();
    assertEquals(4, children.size());

    demo.destroyForcibly();

    await("the children's end")
        .atMost(Duration.ofSeconds(30))
        .until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
  }

  @Test
  void demo_brokerWithLogin_processesLogInWithoutPasswordsOnCommandLines() throws Exception {
    try (EmbeddedBroker broker =
        EmbeddedBroker.start(
            BrokerUsers.settings(
                BrokerUsers.write(
                    folder.resolve("users"),
                    BrokerUsers.user("house", UserRole.OPERATOR, "s@fe word"))),
            Files.createDirectory(folder.resolve("broker")),
            System::nanoTime,
            Clock.systemUTC())) {
      String address = "mqtt://house:s%40fe%20word@127.0.0.1:" + broker.port();
      start("--count", "20", "--interval", "50ms", "--broker", address);
      await("a result").atMost(PATIENCE).until(() -> results() >= 1);
      List<String> commands =
          demo.descendants().map(child -> child.info().commandLine().orElse("")).toList();
      assertEquals(3, commands.size(), commands::toString);
      assertTrue(commands.stream().noneMatch(each -> each.contains("s%40fe")), commands::toString);
      assertTrue(commands.stream().allMatch(each -> each.contains("--name demo")));

      await("the end").atMost(PATIENCE).until(() -> !demo.isAlive());
    }
    assertEquals(0, demo.exitValue(), this::output);
    assertTrue(!output().contains("s%40fe") && !output().contains("s@fe"), this::output);
  }

  @Test
  void demo_open_servesTheDashboard() throws Exception {
    start("--open", "--interval", "200ms");
    await("the address").atMost(PATIENCE).until(() -> page().isPresent());
    URI page = page().orElseThrow();
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest index = HttpRequest.newBuilder(page).build();

    assertEquals(200, client.send(index, BodyHandlers.ofString()).statusCode());
    HttpRequest events = HttpRequest.newBuilder(page.resolve("events")).build();
    try (var lines = client.send(events, BodyHandlers.ofLines()).body()) {
      assertTrue(
          lines.anyMatch(line -> line.contains("\"demo-V2\"") && line.contains("\"class\"")));
    }
    List<ProcessHandle> children = demo.descendants().toList();
    assertEquals(5, children.size());
    demo.destroy();

    await("the end").atMost(PATIENCE).until(() -> !demo.isAlive());
    assertEquals(0, demo.exitValue(), this::output);
    assertTrue(children.stream().noneMatch(ProcessHandle::isAlive));
  }

  private Optional<URI> page() {
    return output()
        .lines()
        .filter(line -> line.startsWith("dashboard: "))
        .map(line -> URI.create(line.split(" +", -1)[1]))
        .findFirst();
  }

  private void start(String... more) throws IOException {
    run(Stream.concat(Stream.of("--variants", "V1,V2"), Stream.of(more)).toList());
  }

  private void run(List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx128m",
            "-Dchorale.home=" + HOME,
            "-Djava.io.tmpdir=" + folder,
            "-cp",
            System.getProperty("java.class.path"),
            Chorale.class.getName(),
            "demo"));
    command.addAll(arguments);
    demo =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("demo.out").toFile())
            .start();
  }

  private ProcessHandle worker(String variant) {
    return demo.descendants()
        .filter(child -> List.of(child.info().arguments().orElse(new String[0])).contains(variant))
        .findFirst()
        .orElseThrow();
  }

  private long results() {
    return output().lines().filter(line -> line.contains(".jpg ")).count();
  }

  private String output() {
    try {
      return Files.readString(folder.resolve("demo.out"), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
