package chorale.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.broker.EmbeddedBroker;
import chorale.broker.Mosquitto;
import chorale.config.BrokerSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Cameras without Chorale's code: Mosquitto's clients publish an image and read the result, on the
 * embedded broker and on Mosquitto. Aggregator and worker are real processes.
 */
class ForeignCameraTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final String PICTURE = HOME.resolve("pictures/frog/frog-01.jpg").toString();
  private static final String IMAGE = "chorale/home/camera/gate/image";
  private static final String RESULT = "chorale/home/camera/gate/result";

  @TempDir Path folder;
  private final List<Process> processes = new ArrayList<>();
  private int port;

  @AfterEach
  void endProcesses() throws InterruptedException {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void publish_onTheEmbeddedBroker_isAnswered() throws Exception {
    Mosquitto.require("mosquitto_pub");
    try (EmbeddedBroker broker =
        EmbeddedBroker.start(
            new BrokerSettings(0, Optional.empty(), "127.0.0.1"),
            Files.createDirectory(folder.resolve("broker")),
            System::nanoTime,
            Clock.systemUTC())) {
      camerasAreAnswered(broker.port());
    }
  }

  @Test
  void publish_onMosquitto_isAnswered() throws Exception {
    Mosquitto.require("mosquitto_pub");
    try (Mosquitto broker = Mosquitto.start()) {
      camerasAreAnswered(broker.port());
    }
  }

  private void camerasAreAnswered(int brokerPort) throws Exception {
    port = brokerPort;
    Path aggregator = chorale("aggregator");
    Path worker = chorale("worker", "--variant", "V1", "--name", "board");
    await("the aggregator").atMost(PATIENCE).until(() -> text(aggregator).contains("is ready"));
    await("the worker").atMost(PATIENCE).until(() -> text(worker).contains("is ready"));

    // MQTT 3.1.1 and a bare JPEG: the result is retained for later subscribers.
    run("mosquitto_pub", "-V", "mqttv311", "-t", IMAGE, "-f", PICTURE);
    String bare = read("-V", "mqttv311", "-t", RESULT, "-C", "1");
    assertTrue(bare.contains("\"status\":\"answered\""), bare);
    assertTrue(bare.contains("\"worker\":\"board\",\"variant\":\"V1\""), bare);

    // The aggregator reports similar but wrong topics with the right one, on any broker.
    for (String topic :
        List.of(
            "/" + IMAGE,
            IMAGE + "/",
            "chorale/Home/camera/gate/image",
            "chorale/home/camera/my gate/image",
            "chorale/home/camera/front/gate/image")) {
      run("mosquitto_pub", "-q", "1", "-t", topic, "-f", PICTURE);
      run("mosquitto_pub", "-q", "1", "-t", topic, "-f", PICTURE);
      await(topic).atMost(PATIENCE).until(() -> text(aggregator).contains("'" + topic + "'"));
      assertEquals(1, lines(aggregator, "'" + topic + "'"), () -> text(aggregator));
    }
    assertEquals(3, lines(aggregator, "the topic for images is '" + IMAGE + "'"));

    // MQTT 5: the result is also sent to the response topic, with the correlation data.
    Path own = folder.resolve("own.out");
    String ownTopic = "chorale/home/camera/gate/response/own";
    Process listener =
        start(
            own, client("mosquitto_sub", "-V", "mqttv5", "-t", ownTopic, "-F", "%D %p", "-C", "1"));
    await("the answer on the response topic")
        .atMost(PATIENCE)
        .until(
            () -> {
              run(
                  "mosquitto_pub",
                  "-V",
                  "mqttv5",
                  "-t",
                  IMAGE,
                  "-f",
                  PICTURE,
                  "-D",
                  "publish",
                  "response-topic",
                  ownTopic,
                  "-D",
                  "publish",
                  "correlation-data",
                  "frame-7");
              return listener.waitFor(200, TimeUnit.MILLISECONDS);
            });
    assertTrue(text(own).startsWith("frame-7 {\"schema\":1,"), () -> text(own));

    // Two equal results in a row set the camera's class; a repeated frame does not count.
    assertEquals("frog", read("-t", "chorale/home/camera/gate/class", "-C", "1").strip());

    // An image that is too large gets an error result, and the camera stays connected.
    Path large = Files.write(folder.resolve("large.jpg"), new byte[5 << 20]);
    Path told = folder.resolve("told.out");
    Process waiting = start(told, client("mosquitto_sub", "-R", "-t", RESULT, "-C", "1"));
    await("the answer to a large image")
        .atMost(PATIENCE)
        .until(
            () -> {
              run("mosquitto_pub", "-q", "1", "-t", IMAGE, "-f", large.toString());
              return waiting.waitFor(200, TimeUnit.MILLISECONDS);
            });
    assertTrue(
        text(told).contains("\"error\":\"bad_request\",\"detail\":\"image of 5242880 bytes"),
        () -> text(told));
  }

  private Path chorale(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-Dchorale.home=" + HOME);
    command.add(Chorale.class.getName());
    command.addAll(List.of(arguments));
    command.addAll(List.of("--broker", "mqtt://127.0.0.1:" + port));
    Path output = folder.resolve(arguments[0] + ".out");
    start(output, command);
    return output;
  }

  /** Returns what a subscriber receives, retained messages first. */
  private String read(String... arguments) throws Exception {
    Path output = folder.resolve("sub.out");
    Process subscriber = start(output, client("mosquitto_sub", arguments));
    assertTrue(subscriber.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), "no result");
    return text(output);
  }

  private void run(String program, String... arguments) throws Exception {
    Path output = folder.resolve("pub.out");
    Process process = start(output, client(program, arguments));
    assertTrue(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), program);
    assertEquals(0, process.exitValue(), () -> text(output));
  }

  private List<String> client(String program, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Mosquitto.require(program).toString());
    command.addAll(List.of("-h", "127.0.0.1", "-p", String.valueOf(port)));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Passes the class path in the environment, like {@code ./chorale}. */
  private Process start(Path output, List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    processes.add(process);
    return process;
  }

  private static long lines(Path file, String part) {
    return text(file).lines().filter(line -> line.contains(part)).count();
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
