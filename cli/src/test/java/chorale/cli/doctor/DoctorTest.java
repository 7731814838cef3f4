package chorale.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.cli.Home;
import chorale.cli.doctor.Finding.Level;
import chorale.protocol.access.UserRole;
import chorale.protocol.bus.ConnectionSettings;
import chorale.setup.SiteRequest;
import chorale.setup.SiteSetup;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class DoctorTest {
  private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

  @TempDir private Path scratch;

  @ParameterizedTest
  @CsvSource({
    "glibc 2.28, OK",
    "glibc 2.36, OK",
    "glibc 3.1, OK",
    "glibc 2.27, FAIL",
    "musl, WARN"
  })
  void libc_version_isComparedWithOnnxRuntimesMinimum(String told, Level level) {
    assertEquals(level, MachineChecks.libc(Optional.of(told)).level());
  }

  @Test
  void libc_unknown_isAWarning() {
    assertEquals(Level.WARN, MachineChecks.libc(Optional.empty()).level());
  }

  @ParameterizedTest
  @CsvSource({
    "50, FAIL, 50 MiB available: a worker needs about 150 MiB; end other programs",
    "180, WARN, 180 MiB available (recommended: 200 MiB; a worker needs about 150 MiB)",
    "2000, OK, 2000 MiB available"
  })
  void memory_available_setsTheLevel(long mebibytes, Level level, String text) {
    String meminfo = "MemTotal: 1 kB\nMemAvailable:  " + mebibytes * 1024 + " kB\n";

    assertEquals(new Finding(level, "memory", text), MachineChecks.memory(Optional.of(meminfo)));
  }

  @ParameterizedTest
  @CsvSource({"299, WARN", "300, OK"})
  void disk_free_setsTheLevel(long mebibytes, Level level) {
    assertEquals(level, MachineChecks.disk(mebibytes).level());
  }

  @ParameterizedTest
  @CsvSource({
    "0, OK, no under-voltage",
    "1, WARN, under-voltage now",
    "50000, WARN, under-voltage at least once since the board started",
    "4, WARN, throttled now",
    "e0000, WARN, throttled at least once since the board started",
    "50005, WARN, under-voltage now"
  })
  void power_firmwareBits_areReported(String bits, Level level, String text) throws Exception {
    Path firmware = scratch.resolve("devices/platform/soc/soc:firmware");
    Files.createDirectories(firmware);
    Files.writeString(firmware.resolve("get_throttled"), bits + "\n");

    Finding finding = PowerCheck.look(scratch).get(0);

    assertEquals(level, finding.level());
    assertTrue(finding.text().startsWith(text), finding.text());
  }

  @ParameterizedTest
  @CsvSource({"0, OK, no under-voltage now", "1, WARN, under-voltage now:"})
  void power_onlyASensor_setsTheLevel(String alarm, Level level, String text) throws Exception {
    Path sensor = scratch.resolve("class/hwmon/hwmon1");
    Files.createDirectories(sensor);
    Files.writeString(sensor.resolve("in0_lcrit_alarm"), alarm + "\n");

    Finding finding = PowerCheck.look(scratch).get(0);

    assertEquals(level, finding.level());
    assertTrue(finding.text().startsWith(text), finding.text());
  }

  @Test
  void power_noKernelReport_givesNoFinding() {
    assertEquals(List.of(), PowerCheck.look(scratch));
  }

  @ParameterizedTest
  @CsvSource({"active, 0, OK", "inactive, 0, OK", "active, 3, WARN", "failed, 1, FAIL"})
  void unit_installed_setsTheLevel(String state, int restarts, Level level) {
    String shown = "nrestarts=" + restarts + "\nloadstate=loaded\nactivestate=" + state;

    assertEquals(level, UnitChecks.look("chorale-worker", shown).orElseThrow().level());
  }

  @Test
  void unit_notInstalled_givesNoFinding() {
    assertEquals(
        Optional.empty(),
        UnitChecks.look("chorale-worker", "loadstate=not-found\nactivestate=inactive"));
  }

  @Test
  void processor_flags_areReported() {
    String pi = "processor : 0\nFeatures\t: fp asimd crc32 asimddp\n";

    assertEquals("4 cores, asimd asimddp", MachineChecks.processor(4, Optional.of(pi)).text());
    assertEquals(Level.WARN, MachineChecks.processor(1, Optional.of("flags : fpu sse2\n")).level());
  }

  @ParameterizedTest
  @CsvSource({
    "1970-01-01T00:00:09Z, WARN",
    "2026-11-23T00:00:00Z, OK",
    "2222-01-01T00:00:00Z, WARN"
  })
  void clock_year_setsTheLevel(Instant now, Level level) {
    assertEquals(level, MachineChecks.clock(Clock.fixed(now, ZoneOffset.UTC)).level());
  }

  @Test
  void broker_notRunning_saysHowToStartOne() throws Exception {
    Finding finding = look(ConnectionSettings.of(URI.create("mqtt://127.0.0.1:" + freePort())));

    assertEquals(Level.FAIL, finding.level());
    assertTrue(finding.text().contains("chorale broker"), finding.text());
  }

  @Test
  void broker_otherServerOnThePort_saysThatMqttFails() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread other = new Thread(() -> closeEveryConnection(socket));
      other.setDaemon(true);
      other.start();

      Finding finding = look(impatient(socket.getLocalPort()));

      assertEquals(Level.FAIL, finding.level());
      assertTrue(finding.text().contains("MQTT fails"), finding.text());
    }
  }

  @ParameterizedTest
  @CsvSource({"V2, V2", "null, V1"})
  void worker_withoutAName_isNamedAfterItsVariant(String variant, String expected)
      throws Exception {
    Files.writeString(scratch.resolve("key"), KEY);
    Files.writeString(scratch.resolve("keys"), "other " + KEY + "\n");
    Path file =
        Files.writeString(
            scratch.resolve("chorale.conf"),
            "chorale { connection.broker = \"mqtt://127.0.0.1:"
                + freePort()
                + "\", aggregator.reply-keys-file = keys, worker { models = ., variant = "
                + variant
                + ", reply-key-file = key } }");
    StringWriter out = new StringWriter();

    new CommandLine(new DoctorCommand())
        .setOut(new PrintWriter(out))
        .execute("--config", file.toString());

    String name = Home.hostName() + "-" + expected;
    assertTrue(out.toString().contains("replies of " + name + " are rejected"), out.toString());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Finding look(ConnectionSettings connection) throws InterruptedException {
    return BrokerCheck.look(connection, List.of(), message -> {});
  }

  private static ConnectionSettings impatient(int port) {
    ConnectionSettings usual = ConnectionSettings.of(URI.create("mqtt://127.0.0.1:" + port));
    ConnectionSettings.Timing timing =
        new ConnectionSettings.Timing(
            Duration.ofMillis(200),
            usual.timing().keepAlive(),
            usual.timing().backoffMin(),
            usual.timing().backoffMax());
    return new ConnectionSettings(
        usual.broker(), usual.credentials(), usual.tls(), timing, usual.inFlight(), usual.outbox());
  }

  private static void closeEveryConnection(ServerSocket socket) {
    try {
      while (!socket.isClosed()) {
        socket.accept().close();
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  @Test
  void models_emptyFolder_isAFailure(@TempDir Path empty) {
    var findings = ModelChecks.look(empty, Map.of());

    assertEquals(1, findings.size());
    assertEquals(Level.FAIL, findings.get(0).level());
    assertTrue(findings.get(0).text().contains("--models"), findings.get(0).text());
  }

  @Test
  void secrets_readableByOthers_areReported(@TempDir Path folder) throws IOException {
    Path open = Files.writeString(folder.resolve("open"), "secret");
    Path closed = Files.writeString(folder.resolve("closed"), "secret");
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-rw-rw-"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rw-------"));

    Finding finding = SecretChecks.permissions(List.of(closed, open));

    assertEquals(Level.WARN, finding.level());
    assertTrue(finding.text().endsWith("chmod 600 " + open), finding.text());
    assertEquals(Level.OK, SecretChecks.permissions(List.of(closed)).level());
    assertEquals(Level.FAIL, SecretChecks.permissions(List.of(folder.resolve("absent"))).level());
  }

  private static void makeSite(Path folder) throws Exception {
    new SiteSetup(folder, Instant.parse("2026-11-23T10:00:00Z"), new SecureRandom())
        .apply(SiteRequest.of("home", 8883, Map.of(UserRole.WORKER, List.of("pi1"))));
  }

  /** The certificate is valid from 1970 to 2031-11-22. */
  @ParameterizedTest
  @CsvSource({
    "1969-12-31T00:00:00Z, FAIL, set the clock",
    "1970-01-01T00:01:00Z, OK, is valid until 2031-11-22",
    "2031-09-01T00:00:00Z, OK, is valid until 2031-11-22",
    "2031-10-01T00:00:00Z, WARN, expires on 2031-11-22; renew it",
    "2031-11-23T00:00:00Z, FAIL, expired on 2031-11-22; renew it",
  })
  void certificate_date_setsTheLevel(
      Instant now, Level level, String expected, @TempDir Path folder) throws Exception {
    makeSite(folder.resolve("site"));

    Finding finding = SecretChecks.certificate(folder.resolve("site/broker.pem"), now);

    assertEquals(level, finding.level(), finding.text());
    assertTrue(finding.text().contains(expected), finding.text());
    assertEquals(
        Level.FAIL, SecretChecks.certificate(folder.resolve("site/broker.key"), now).level());
  }

  @Test
  void users_file_isCountedAndItsMistakesAreReported(@TempDir Path folder) throws Exception {
    makeSite(folder.resolve("site"));
    Finding finding = SecretChecks.users(folder.resolve("site/users"));
    assertEquals(Level.OK, finding.level());
    assertTrue(finding.text().startsWith("3 in "), finding.text());

    Path wrong = Files.writeString(folder.resolve("users"), "gate:camera:home:geheim\n");
    Finding mistake = SecretChecks.users(wrong);
    assertEquals(Level.FAIL, mistake.level());
    assertTrue(mistake.text().startsWith(wrong + ":1: expected a password hash"), mistake.text());
  }
}
