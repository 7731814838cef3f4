package chorale.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.config.WorkerSettings.ReplicaMode;
import chorale.protocol.Strategy;
import chorale.protocol.bus.BrokerAddress;
import chorale.protocol.bus.ConnectionSettings.Credentials;
import chorale.protocol.strategy.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SettingsLoaderTest {
  private static final Map<String, String> NOTHING = Map.of();

  private final SettingsLoader loader = new SettingsLoader("pi 4", Path.of("shipped"));

  @TempDir Path directory;

  private Optional<Path> file(String text) throws IOException {
    return Optional.of(Files.writeString(directory.resolve("chorale.conf"), text));
  }

  private String refusal(String text) throws IOException {
    Optional<Path> file = file(text);
    return assertThrows(SettingsException.class, () -> loader.load(file, NOTHING, NOTHING))
        .getMessage();
  }

  private String refusedVariable(String name, String value) {
    return assertThrows(
            SettingsException.class,
            () -> loader.load(Optional.empty(), Map.of(name, value), NOTHING))
        .getMessage();
  }

  @Test
  void load_nothingGiven_takesTheDefaults() throws SettingsException {
    Settings settings = loader.load(Optional.empty(), NOTHING, NOTHING);

    assertEquals("home", settings.site());
    assertEquals(new BrokerAddress(false, "127.0.0.1", 1883), settings.connection().broker());
    assertEquals(Optional.empty(), settings.connection().credentials());
    assertEquals(Optional.empty(), settings.worker());
    assertEquals("pi-4", settings.aggregator().name());
    assertEquals(Duration.ofSeconds(1), settings.aggregator().deadline());
    assertEquals(0.5, settings.aggregator().minConfidence());
    assertEquals(0, settings.aggregator().minMargin());
    assertEquals(2, settings.aggregator().steady());
    assertEquals(Optional.empty(), settings.broker().webSocketPort());
    assertEquals(List.of(), settings.broker().webSocketOrigins());
    assertEquals(BrokerSettings.CameraRate.STANDARD, settings.broker().cameraRate());
    assertEquals(
        new Settings.KeyFiles(Optional.empty(), Optional.empty(), Optional.empty()),
        settings.keyFiles());
  }

  @Test
  void load_fromFourSources_theHigherPriorityWins() throws Exception {
    Optional<Path> file =
        file(
            "chorale { worker { variant = V1, intra-op-threads = 2, max-pixels = 20 }, site = barn"
                + " }");
    Map<String, String> environment =
        Map.of("CHORALE_WORKER_INTRA_OP_THREADS", "3", "CHORALE_WORKER_VARIANT", "V2");
    Map<String, String> flags = Map.of("worker.variant", "V3");

    Settings settings = loader.load(file, environment, flags);

    WorkerSettings worker = settings.worker().orElseThrow();
    assertEquals("V3", worker.variant(), "flag over environment");
    assertEquals(3, worker.intraOpThreads(), "environment over file");
    assertEquals(20, worker.maxPixels(), "file over default");
    assertEquals(1, worker.boardFactor(), "default");
    assertEquals("barn", settings.site());
  }

  @Test
  void load_variantWithoutName_namesTheWorkerAfterHostAndVariant() throws Exception {
    Settings settings = loader.load(Optional.empty(), NOTHING, Map.of("worker.variant", "V5"));

    assertEquals("pi-4-V5", settings.worker().orElseThrow().name());
    assertEquals(Path.of("shipped"), settings.worker().orElseThrow().models());
  }

  @Test
  void load_hostNameOfAnyLength_makesAValidWorkerName() throws Exception {
    SettingsLoader other = new SettingsLoader("x".repeat(100), Path.of("shipped"));

    Settings settings = other.load(Optional.empty(), NOTHING, Map.of("worker.variant", "V5"));

    assertEquals("x".repeat(61) + "-V5", settings.worker().orElseThrow().name());
  }

  @Test
  void load_pathsInAFile_areRelativeToItsDirectory() throws Exception {
    Optional<Path> file = file("chorale.worker { variant = V1, models = \"sets/mine\" }");

    assertEquals(
        directory.resolve("sets/mine"),
        loader.load(file, NOTHING, NOTHING).worker().orElseThrow().models());
  }

  @Test
  void load_listInTheEnvironment_isSeparatedByCommas() throws SettingsException {
    Map<String, String> environment =
        Map.of("CHORALE_AGGREGATOR_RESPONSE_PREFIXES", "answers/, lab/x");

    assertEquals(
        List.of("answers/", "lab/x"),
        loader.load(Optional.empty(), environment, NOTHING).aggregator().responsePrefixes());
  }

  @Test
  void load_emptyVariable_unsets() throws Exception {
    Optional<Path> file = file("chorale.worker.variant = V1");

    assertEquals(
        Optional.empty(),
        loader.load(file, Map.of("CHORALE_WORKER_VARIANT", ""), NOTHING).worker());
  }

  @Test
  void load_brokerWithoutPort_takesTheStandardOne() throws SettingsException {
    Map<String, String> plain = Map.of("connection.broker", "mqtt://host");
    Map<String, String> secure = Map.of("connection.broker", "mqtts://host");

    assertEquals(
        new BrokerAddress(false, "host", 1883),
        loader.load(Optional.empty(), NOTHING, plain).connection().broker());
    assertEquals(
        new BrokerAddress(true, "host", 8883),
        loader.load(Optional.empty(), NOTHING, secure).connection().broker());
  }

  @Test
  void load_loginInTheAddress_isUsed() throws Exception {
    String address = "mqtt://user:p%40ss@my_host";
    Credentials login = new Credentials("user", "p@ss");

    Settings settings =
        loader.load(Optional.empty(), NOTHING, Map.of("connection.broker", address));
    assertEquals(Optional.of(login), settings.connection().credentials());
    assertEquals("mqtt://my_host:1883", settings.connection().broker().toString());

    Optional<Path> same =
        file(
            "chorale.connection { broker = \""
                + address
                + "\", user = user, password = \"p@ss\" }");
    assertEquals(
        Optional.of(login), loader.load(same, NOTHING, NOTHING).connection().credentials());

    Optional<Path> halves =
        file("chorale.connection { broker = \"mqtt://user@h\", password = \"p@ss\" }");
    assertEquals(
        Optional.of(login), loader.load(halves, NOTHING, NOTHING).connection().credentials());
  }

  @Test
  void load_contradictingLogins_areRefusedWithoutShowingThePassword() throws Exception {
    String user =
        refusal("chorale.connection { broker = \"mqtt://u:hush@h\", user = v, password = hush }");
    assertTrue(user.startsWith("connection.user: 'v' cannot be used ("), user);
    assertTrue(user.contains("the user in connection.broker"), user);

    String password =
        refusal("chorale.connection { broker = \"mqtt://u:hush@h\", user = u, password = hash }");
    assertTrue(password.startsWith("connection.password: '***' cannot be used ("), password);
    assertTrue(password.contains("the password in connection.broker"), password);

    String half = refusal("chorale.connection.broker = \"mqtt://u@h\"");
    assertTrue(half.startsWith("connection.broker: 'mqtt://u@h' has no password ("), half);
    assertTrue(half.endsWith("); set connection.password or connection.password-file"), half);
    assertEquals(
        "connection.user: 'u' has no password (CHORALE_CONNECTION_USER);"
            + " set connection.password or connection.password-file",
        refusedVariable("CHORALE_CONNECTION_USER", "u"));
    assertEquals(
        "connection.password: '***' has no user (CHORALE_CONNECTION_PASSWORD); set connection.user",
        refusedVariable("CHORALE_CONNECTION_PASSWORD", "hush"));

    String path = refusal("chorale.connection.broker = \"mqtt://u:hush@h/path\"");
    assertTrue(path.startsWith("connection.broker: 'mqtt://u:***@h/path' cannot"), path);
    String slash = refusal("chorale.connection.broker = \"mqtt://u/x:hu/sh@h\"");
    assertFalse(slash.contains("hu/sh"), slash);
  }

  @Test
  void load_webSocketOriginsAndCameraRate_areReadAndChecked() throws Exception {
    Optional<Path> file =
        file(
            "chorale.broker { web-socket-origins = [\"https://a.example\", \"null\", \"*\"],"
                + " camera-rate { frames = 0, bytes = 5 } }");
    BrokerSettings broker = loader.load(file, NOTHING, NOTHING).broker();
    assertEquals(List.of("https://a.example", "null", "*"), broker.webSocketOrigins());
    assertEquals(new BrokerSettings.CameraRate(0, 5), broker.cameraRate());

    String message = refusal("chorale.broker.web-socket-origins = [\"a.example\"]");
    assertTrue(message.contains("https://panel.example.org"), message);
  }

  @Test
  void load_passwordFile_takesItsFirstLine() throws Exception {
    Files.writeString(directory.resolve("secret"), "geheim\nmore\n");
    Optional<Path> file = file("chorale.connection { user = u, password-file = secret }");

    assertEquals(
        Optional.of(new Credentials("u", "geheim")),
        loader.load(file, NOTHING, NOTHING).connection().credentials());
  }

  @Test
  void load_unknownKey_namesItsPlaceAndTheNearestKey() throws IOException {
    String message = refusal("chorale {\n  worker {\n    concurency = 3\n  }\n}\n");

    assertTrue(message.startsWith("worker.concurency: unknown key ("), message);
    assertTrue(message.contains("chorale.conf:3)"), message);
    assertTrue(message.endsWith("did you mean worker.concurrency?"), message);
  }

  @Test
  void load_unknownKeyWithoutSimilarKey_namesTheKeysOfItsSection() throws IOException {
    String message = refusal("chorale.publisher.frobnicate = 3");

    assertTrue(message.contains("publisher.camera, publisher.interval"), message);
  }

  @Test
  void load_keyOutsideTheRoot_isRefused() throws IOException {
    String message = refusal("worker.concurrency = 3");

    assertTrue(message.contains("'chorale { ... }'"), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"chorale = 3", "chorale.worker = 3", "chorale.worker.concurrency.deep = 3"})
  void load_valueOfAnotherShape_isRefusedInOneLine(String text) throws IOException {
    String message = refusal(text);

    assertTrue(message.contains("chorale.conf:1"), message);
    assertEquals(1, message.lines().count(), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "site | a/b | 1 to 64 of",
        "worker.variant | a b | 1 to 64 of",
        "worker.intra-op-threads | many | a whole number from 1 to",
        "worker.intra-op-threads | 0 | a whole number from 1 to",
        "worker.intra-op-threads | -1 | a whole number from 1 to",
        "worker.intra-op-threads | 1.5 | a whole number from 1 to",
        "worker.intra-op-threads | 99999999999 | a whole number from 1 to",
        "worker.concurrency | 0 | a whole number from 1 to 16",
        "worker.concurrency | 17 | a whole number from 1 to 16",
        "strategy | magic | class, data, model, single, variant",
        "worker.stage | 1 | not set; a stage needs strategy model",
        "worker.stage | 17 | a whole number from 1 to 16",
        "worker.tensor-type | int8 | float16, float32",
        "worker.board-factor | 0.5 | a number from 1 to 1000",
        "worker.board-factor | 1001 | a number from 1 to 1000",
        "worker.board-factor | fast | a number from 1 to 1000",
        "aggregator.deadline | 40 | a number and its unit",
        "aggregator.deadline | 61s | from 1ms to 1m",
        "aggregator.fusion | vote | agreement, majority, mean, product, run-off, scaled-sum, trimmed",
        "aggregator.bound | yes | true or false",
        "aggregator.min-confidence | 1.01 | a number from 0 to 1",
        "aggregator.min-margin | -0.1 | a number from 0 to 1",
        "aggregator.steady | 1.5 | a whole number from 0 to 1000",
        "connection.broker | http://x | mqtt://host:port",
        "connection.broker | mqtt:// | mqtt://host:port",
        "connection.broker | mqtt://host:99999 | mqtt://host:port",
        "connection.broker | mqtt://host/path | mqtt://host:port",
        "connection.broker | tcp://host | write mqtt:// instead of tcp://",
        "connection.broker | host:1883 | the scheme is missing",
        "broker.camera-rate.frames | -1 | a whole number from 0 to",
        "connection.backoff-max | 1ms | from 100ms to",
        "broker.bind | 0.0.0.0 | needs broker.users",
        "dashboard.port | 70000 | a whole number from 0 to 65535",
        "dashboard.tls.key | k.pem | dashboard.tls.certificate and dashboard.tls.key",
        "metrics.bind | 0.0.0.0 | needs metrics.token-file",
        "log.format | xml | json, text",
      })
  void load_invalidValue_namesKeyValuePlaceAndAllowed(String key, String value, String allowed) {
    String variable = Keys.variable(key);
    String message = refusedVariable(variable, value);

    assertTrue(message.startsWith(key + ": '" + value + "' cannot be used ("), message);
    assertTrue(message.contains(variable), message);
    assertTrue(message.contains(allowed), message);
  }

  @Test
  void load_boardFactor_needsOneThread() throws Exception {
    Map<String, String> flags = Map.of("worker.variant", "V1", "worker.board-factor", "2.5");
    Settings settings = loader.load(Optional.empty(), NOTHING, flags);

    assertEquals(2.5, settings.worker().orElseThrow().boardFactor());
    assertTrue(
        refusal("chorale.worker { board-factor = 2, intra-op-threads = 2 }")
            .contains("allowed: 1 if worker.intra-op-threads is above 1"));
  }

  @Test
  void load_concurrencyNotSet_dependsOnTheProcessors() throws Exception {
    int processors = Runtime.getRuntime().availableProcessors();

    assertEquals(Math.min(4, processors), concurrency(Map.of()));
    assertEquals(1, concurrency(Map.of("worker.board-factor", "20")));
    assertEquals(1, concurrency(Map.of("worker.intra-op-threads", "64")));
    assertEquals(
        3, concurrency(Map.of("worker.concurrency", "3", "worker.intra-op-threads", "64")));
  }

  private int concurrency(Map<String, String> flags) throws SettingsException {
    Map<String, String> all = new HashMap<>(flags);
    all.put("worker.variant", "V1");
    return loader.load(Optional.empty(), NOTHING, all).worker().orElseThrow().concurrency();
  }

  @Test
  void load_badValueInAFile_namesTheLine() throws IOException {
    String message = refusal("chorale {\n  aggregator.k = 17\n}");

    assertTrue(message.contains("aggregator.k: '17'"), message);
    assertTrue(message.contains("chorale.conf:2"), message);
  }

  @Test
  void load_badValueOfAFlag_namesTheOption() {
    SettingsException refused =
        assertThrows(
            SettingsException.class,
            () -> loader.load(Optional.empty(), NOTHING, Map.of("aggregator.deadline", "soon")));

    assertTrue(refused.getMessage().contains("(--deadline)"), refused.getMessage());
  }

  @Test
  void load_flagForUnknownKey_isABug() {
    assertThrows(
        IllegalArgumentException.class,
        () -> loader.load(Optional.empty(), NOTHING, Map.of("worker.color", "red")));
  }

  @Test
  void load_unknownVariable_isRefusedWithTheNearest() {
    String message = refusedVariable("CHORALE_WORKER_CONCURENCY", "3");

    assertTrue(message.contains("did you mean CHORALE_WORKER_CONCURRENCY?"), message);
  }

  @Test
  void load_otherVariables_areIgnored() throws SettingsException {
    Map<String, String> environment =
        Map.of("CHORALE_JAVA_OPTS", "-Xmx1g", "CHORALE_CACHE", "/x", "PATH", "/bin");

    assertEquals("home", loader.load(Optional.empty(), environment, NOTHING).site());
  }

  @ParameterizedTest
  @ValueSource(strings = {"connection.password-file", "metrics.token-file"})
  void load_missingSecretFile_namesTheReason(String key) {
    String variable = Keys.variable(key);
    assertEquals(
        key
            + ": 'no-such-file' cannot be read: no such file ("
            + variable
            + "); allowed: a readable text file",
        refusedVariable(variable, "no-such-file"));
  }

  @Test
  void load_syntaxError_isOneLineWithThePlace() throws IOException {
    String message = refusal("chorale {\n  site = home\n");

    assertTrue(message.contains("chorale.conf"), message);
    assertEquals(1, message.lines().count(), message);
  }

  @Test
  void load_noSuchFile_isRefused() {
    SettingsException refused =
        assertThrows(
            SettingsException.class,
            () -> loader.load(Optional.of(directory.resolve("none.conf")), NOTHING, NOTHING));

    assertTrue(refused.getMessage().contains("none.conf"), refused.getMessage());
  }

  @Test
  void load_longSecret_isRefusedWithoutShowingIt() {
    String message = refusedVariable("CHORALE_CONNECTION_PASSWORD", "geheim".repeat(200));

    assertFalse(message.contains("geheim"), message);
    assertTrue(message.contains("1 to 1024 characters"), message);
  }

  @Test
  void load_brokerTlsAndUsersFile_areRelativeToTheConfiguration() throws Exception {
    Optional<Path> file =
        file(
            "chorale.broker { bind = \"0.0.0.0\", users-file = users,"
                + " tls { certificate = c.pem, key = k.pem, client-ca = ca.pem } }");
    Path folder = file.orElseThrow().getParent();

    BrokerSettings broker = loader.load(file, NOTHING, NOTHING).broker();

    assertEquals(Optional.of(folder.resolve("users")), broker.usersFile());
    assertEquals(
        Optional.of(
            new BrokerSettings.ListenerTls(
                folder.resolve("c.pem"),
                folder.resolve("k.pem"),
                Optional.of(folder.resolve("ca.pem")))),
        broker.tls());
    for (String key : List.of("certificate", "key", "client-ca")) {
      String message = refusal("chorale.broker.tls." + key + " = a.pem");
      assertTrue(message.startsWith("broker.tls." + key + ": 'a.pem' cannot be used"), message);
    }
  }

  @Test
  void load_dashboardBeyondLoopback_needsUsersAndTls() throws Exception {
    DashboardSettings plain = loader.load(Optional.empty(), NOTHING, NOTHING).dashboard();
    assertEquals("127.0.0.1", plain.bind());
    assertEquals("dashboard", plain.name());
    String open = "chorale.dashboard { bind = \"0.0.0.0\", users-file = users";
    String message = refusal(open + " }");
    assertTrue(message.startsWith("dashboard.bind: '0.0.0.0' cannot be used"), message);
    assertTrue(message.contains("dashboard.users-file and dashboard.tls"), message);

    Optional<Path> file =
        file(
            open
                + ", hosts = [\"Panel.example\"], tls { certificate = c.pem, key = k.pem } }\n"
                + "chorale.connection.broker = \"mqtt://wall:secret@hub\"");
    DashboardSettings served = loader.load(file, NOTHING, NOTHING).dashboard();

    assertEquals(List.of("panel.example"), served.hosts());
    assertEquals("wall", served.name(), "the name of the broker's user");
    assertEquals(Optional.of(directory.resolve("users")), served.usersFile());
    assertEquals(directory.resolve("c.pem"), served.tls().orElseThrow().certificate());
  }

  @Test
  void load_metricsBeyondLoopback_needAToken() throws Exception {
    assertEquals(MetricsSettings.OFF, loader.load(Optional.empty(), NOTHING, NOTHING).metrics());

    Files.writeString(directory.resolve("token"), "short");
    String open = "chorale.metrics { port = 9101, bind = \"0.0.0.0\", token-file = token }";
    String message = refusal(open);
    assertTrue(message.startsWith("metrics.token-file: 'token' cannot be used"), message);
    assertTrue(
        message.endsWith("allowed: a file whose first line has 16 to 1024 characters"), message);

    Files.writeString(directory.resolve("token"), "0123456789abcdef\n");
    MetricsSettings served = loader.load(file(open), NOTHING, NOTHING).metrics();
    assertEquals(Optional.of(9101), served.port());
    assertEquals("0123456789abcdef", served.token().orElseThrow().utf8());
    assertFalse(served.toString().contains("0123"), served.toString());
  }

  @Test
  void load_usersInTheConfiguration_areRefusedWithAHint() throws IOException {
    String message = refusal("chorale.broker.users = [{ name = gate, password = geheim }]");

    assertTrue(message.startsWith("broker.users: unknown key ("), message);
    assertTrue(message.endsWith("did you mean broker.users-file?"), message);
    assertFalse(message.contains("geheim"), message);
  }

  @Test
  void load_clientCertificateWithoutItsKey_isRefused() throws IOException {
    String message =
        refusal("chorale.connection { broker = \"mqtts://h\", tls.certificate = \"c.pem\" }");

    assertTrue(message.startsWith("connection.tls.certificate:"), message);
    assertTrue(message.contains("both or neither"), message);
  }

  @Test
  void load_otherStrategies_runTheReferenceByDefault() throws Exception {
    Map<String, String> flags = Map.of("strategy", "model", "worker.stage", "2");
    Settings settings = loader.load(Optional.empty(), NOTHING, flags);

    assertEquals(Strategy.MODEL, settings.aggregator().strategy());
    WorkerSettings worker = settings.worker().orElseThrow();
    assertEquals("reference", worker.variant());
    assertEquals("pi-4-reference-2", worker.name());
    assertEquals(
        new WorkerSettings.Place(
            Strategy.MODEL, ReplicaMode.SHARE, Optional.of(2), TensorType.FLOAT32, 1),
        worker.place());

    Map<String, String> byClass = Map.of("strategy", "class", "worker.variant", "G1");
    Path models = loader.load(Optional.empty(), NOTHING, byClass).worker().orElseThrow().models();
    Path shipped = loader.load(Optional.empty(), NOTHING, flags).worker().orElseThrow().models();
    assertEquals(shipped.resolveSibling(shipped.getFileName() + "-class"), models);
    assertEquals(
        Optional.empty(),
        loader.load(Optional.empty(), NOTHING, Map.of("strategy", "class")).worker());

    Settings told =
        loader.load(
            Optional.empty(), NOTHING, Map.of("strategy", "data", "worker.variant", "full"));
    assertEquals("pi-4-full", told.worker().orElseThrow().name());
    assertEquals(Optional.empty(), told.worker().orElseThrow().place().stage());
  }

  @Test
  void load_replicas_shareByDefault() throws Exception {
    assertTrue(place(Map.of()).isShared());
    assertFalse(place(Map.of("worker.replicas", "all")).isShared());
    assertFalse(place(Map.of("strategy", "single")).isShared());
    assertTrue(place(Map.of("strategy", "data")).isShared());
    assertTrue(
        refusal("chorale { strategy = data, worker.replicas = all }")
            .contains("worker.replicas: 'all'"));
  }

  private WorkerSettings.Place place(Map<String, String> more) throws Exception {
    Map<String, String> flags = new HashMap<>(more);
    flags.put("worker.variant", "V1");
    return loader.load(Optional.empty(), NOTHING, flags).worker().orElseThrow().place();
  }
}
