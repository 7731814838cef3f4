package chorale.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Bytes;
import chorale.protocol.access.UserEntry;
import chorale.protocol.access.UserRole;
import chorale.setup.SiteSetup.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SiteSetupTest {
  private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

  @TempDir private Path scratch;
  private Path folder;

  @BeforeEach
  void name() {
    folder = scratch.resolve("site");
  }

  private SiteSetup setup(Path of) {
    return new SiteSetup(of, NOW, new SecureRandom());
  }

  private Report apply(Wanted wanted) throws Exception {
    return setup(folder).apply(wanted.request());
  }

  private String refusal(Wanted wanted) {
    return assertThrows(SetupException.class, () -> apply(wanted)).getMessage();
  }

  private static Wanted house() {
    return new Wanted()
        .members(UserRole.WORKER, "pi1", "pi2")
        .members(UserRole.CAMERA, "gate")
        .members(UserRole.DASHBOARD, "wall");
  }

  /** A builder of requests, like the options on the command line. */
  private static final class Wanted {
    private final Map<UserRole, List<String>> members = new TreeMap<>();
    private Optional<String> site = Optional.empty();
    private Optional<Integer> port = Optional.empty();
    private List<String> hosts = List.of();
    private List<String> frames = List.of();
    private List<String> remove = List.of();
    private List<String> rotate = List.of();
    private boolean certificates;
    private boolean add;

    private Wanted members(UserRole role, String... names) {
      members.put(role, List.of(names));
      return this;
    }

    private Wanted add(UserRole role, String... names) {
      add = true;
      return members(role, names);
    }

    private Wanted remove(String... names) {
      remove = List.of(names);
      return this;
    }

    private Wanted rotate(String... names) {
      rotate = List.of(names);
      return this;
    }

    private Wanted hosts(String... names) {
      hosts = List.of(names);
      return this;
    }

    private Wanted frames(String... names) {
      frames = List.of(names);
      return this;
    }

    private Wanted certificates() {
      certificates = true;
      return this;
    }

    private Wanted site(String name) {
      site = Optional.of(name);
      return this;
    }

    private Wanted port(int number) {
      port = Optional.of(number);
      return this;
    }

    private SiteRequest request() {
      return new SiteRequest(site, members, frames, hosts, port, certificates, add, remove, rotate);
    }
  }

  private static SortedMap<String, String> contents(Path of) throws IOException {
    SortedMap<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(of)) {
      for (Path each : files.filter(Files::isRegularFile).toList()) {
        contents.put(of.relativize(each).toString(), Files.readString(each));
      }
    }
    return contents;
  }

  private static Set<String> changed(Map<String, String> before, Map<String, String> after) {
    Set<String> changed = new TreeSet<>();
    for (Map<String, String> some : List.of(before, after)) {
      some.keySet().stream()
          .filter(
              each ->
                  !Optional.ofNullable(before.get(each))
                      .equals(Optional.ofNullable(after.get(each))))
          .forEach(changed::add);
    }
    return changed;
  }

  private List<UserEntry> users() throws IOException {
    return Files.readAllLines(folder.resolve("users")).stream()
        .filter(line -> !line.startsWith("#"))
        .map(UserEntry::parse)
        .toList();
  }

  private String text(String file) throws IOException {
    return Files.readString(folder.resolve(file)).strip();
  }

  @Test
  void apply_newSite_hasAUserAndPasswordForEveryMember() throws Exception {
    apply(house());

    List<String> lines = new ArrayList<>();
    for (UserEntry each : users()) {
      String name = each.identity().name();
      lines.add(name + ' ' + each.role() + ' ' + each.identity().site());
      String password =
          switch (each.identity().role()) {
            case WORKER -> text("boards/" + name + "/password");
            case AGGREGATOR -> text("aggregators/" + name + "/password");
            case OPERATOR -> text("operators/" + name + "/password");
            case CAMERA -> line("cameras/" + name + ".txt", "password");
            case DASHBOARD -> line("dashboards/" + name + ".txt", "password");
          };
      assertTrue(password.matches("[a-z2-9]{26}"), "130 bits, no ambiguous letters");
      assertTrue(each.password().matches(Bytes.utf8(password)), name);
    }
    assertEquals(
        List.of(
            "aggregator aggregator home",
            "pi1 worker home",
            "pi2 worker home",
            "gate camera home",
            "wall dashboard home",
            "operator operator home"),
        lines);
    assertEquals(
        List.of("url = mqtts://127.0.0.1:8883", "user = gate"),
        Files.readAllLines(folder.resolve("cameras/gate.txt")).subList(0, 2));
    assertEquals(3, Files.readAllLines(folder.resolve("cameras/gate.txt")).size());
    assertEquals(text("dashboards/wall/password"), line("dashboards/wall.txt", "password"));
  }

  private String line(String file, String key) throws IOException {
    return Files.readAllLines(folder.resolve(file)).stream()
        .filter(each -> each.startsWith(key + " = "))
        .map(each -> each.substring(key.length() + 3))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void apply_newSite_boardsHaveDistinctReplyKeysThatAggregatorsHave() throws Exception {
    apply(house());
    String one = text("boards/pi1/reply.key");
    String two = text("boards/pi2/reply.key");
    assertNotEquals(one, two);
    assertEquals(32, Base64.getDecoder().decode(one).length);
    List<String> known = Files.readAllLines(folder.resolve("aggregators/aggregator/reply-keys"));
    assertEquals(List.of("pi1 " + one, "pi2 " + two), known.subList(1, known.size()));
  }

  @Test
  void apply_rotateTensors_givesAllBoardsTheSameNewKey() throws Exception {
    apply(house());
    Map<String, String> before = contents(folder);
    String key = text("boards/pi1/tensor.key");
    assertEquals(32, Base64.getDecoder().decode(key).length);
    assertEquals(key, text("boards/pi2/tensor.key"));
    assertNotEquals(key, text("boards/pi1/reply.key"));

    apply(new Wanted().rotate("tensors"));

    assertNotEquals(key, text("boards/pi1/tensor.key"));
    assertEquals(text("boards/pi1/tensor.key"), text("boards/pi2/tensor.key"));
    assertEquals(
        Set.of("boards/pi1/tensor.key", "boards/pi2/tensor.key", "site.json"),
        changed(before, contents(folder)));
  }

  @Test
  void apply_newSite_isReadableByItsOwnerOnly() throws Exception {
    apply(house().certificates());
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.toList()) {
        String expected = Files.isDirectory(each) ? "rwx------" : "rw-------";
        assertEquals(
            expected,
            PosixFilePermissions.toString(Files.getPosixFilePermissions(each)),
            each + "");
      }
    }
  }

  @Test
  void apply_folderReadableByOthers_isClosed() throws Exception {
    Files.createDirectory(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    apply(house());
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
  }

  @Test
  void apply_newSite_reportReadmeAndConfigurationsHaveNoSecrets() throws Exception {
    Report report = apply(house().certificates());
    SecuredSite site = SiteStore.read(folder).orElseThrow();
    List<String> open =
        List.of(
            report.toString(),
            site.toString(),
            text("README.md"),
            text("host.conf"),
            text("broker.conf"),
            text("boards/pi1/identity.conf"),
            text("mosquitto/mosquitto.conf"),
            text("mosquitto/acl"));
    for (SiteMember each : site.members()) {
      for (String shown : open) {
        assertFalse(shown.contains(each.password()), shown);
        assertFalse(shown.contains("PRIVATE KEY"), shown);
        assertFalse(each.replyKey().isPresent() && shown.contains(each.replyKey().get()), shown);
        assertFalse(shown.contains(site.tensorKey()), shown);
      }
    }
  }

  @Test
  void apply_sameRequestAgain_changesNothing() throws Exception {
    apply(house());
    Map<String, String> before = contents(folder);

    Report again = apply(house());

    assertEquals(List.of(), again.files());
    assertEquals(List.of(), again.done());
    assertEquals(before, contents(folder));
    assertEquals(List.of(), apply(new Wanted()).files(), "a request without members");
  }

  @Test
  void apply_add_changesOnlyFilesWithTheNewMember() throws Exception {
    apply(house());
    Map<String, String> before = contents(folder);

    Report report = apply(new Wanted().add(UserRole.WORKER, "pi3"));

    assertEquals(List.of("added board pi3"), report.done());
    assertEquals(
        Set.of(
            "README.md",
            "aggregators/aggregator/reply-keys",
            "boards/pi3/ca.pem",
            "boards/pi3/identity.conf",
            "boards/pi3/password",
            "boards/pi3/reply.key",
            "boards/pi3/tensor.key",
            "boards/pi3/worker.conf",
            "mosquitto/acl",
            "mosquitto/passwords",
            "site.json",
            "users"),
        changed(before, contents(folder)));
    assertTrue(text("boards/pi3/worker.conf").contains("variant = V3"));
  }

  @Test
  void apply_remove_leavesNoTrace() throws Exception {
    apply(house().certificates());

    Report report = apply(new Wanted().remove("pi2", "gate"));

    assertEquals(List.of("removed board pi2", "removed camera gate"), report.done());
    // As a whole word, because keys and certificates have random letters.
    Pattern gone = Pattern.compile("(?<![A-Za-z0-9+/])(pi2|gate)(?![A-Za-z0-9+/])");
    contents(folder)
        .forEach((file, content) -> assertFalse(gone.matcher(file + '\n' + content).find(), file));
  }

  @Test
  void apply_rotate_givesNewSecretsToThatMemberOnly() throws Exception {
    apply(house().certificates());
    Map<String, String> before = contents(folder);

    apply(new Wanted().rotate("pi1"));

    assertEquals(
        Set.of(
            "aggregators/aggregator/reply-keys",
            "boards/pi1/client.key",
            "boards/pi1/client.pem",
            "boards/pi1/password",
            "boards/pi1/reply.key",
            "mosquitto/passwords",
            "site.json",
            "users"),
        changed(before, contents(folder)));
  }

  @Test
  void apply_rotateAll_equalsRotatingEach() throws Exception {
    apply(house());
    List<UserEntry> before = users();
    apply(new Wanted().rotate("all"));
    for (int i = 0; i < before.size(); i++) {
      assertEquals(before.get(i).identity(), users().get(i).identity());
      assertNotEquals(before.get(i).password(), users().get(i).password());
    }
  }

  @Test
  void apply_rotateBroker_keepsTheAuthority() throws Exception {
    apply(house());
    Map<String, String> before = contents(folder);
    apply(new Wanted().rotate("broker"));
    assertEquals(
        Set.of("broker.key", "broker.pem", "site.json"), changed(before, contents(folder)));
  }

  @Test
  void apply_rotateAuthority_reissuesCertificatesAndKeepsPasswords() throws Exception {
    apply(house().certificates());
    List<UserEntry> before = users();
    String old = text("ca.pem");

    apply(new Wanted().rotate("authority"));

    assertNotEquals(old, text("ca.pem"));
    assertEquals(before, users());
    var authority = SiteAuthority.certificate(text("ca.pem"));
    for (String each : List.of("broker.pem", "boards/pi1/client.pem", "cameras/gate.pem")) {
      SiteAuthority.certificate(text(each)).verify(authority.getPublicKey());
    }
    assertEquals(text("ca.pem"), text("boards/pi1/ca.pem"));
  }

  @Test
  void apply_newHost_renewsTheBrokersCertificateAndAllAddresses() throws Exception {
    apply(house());
    assertTrue(text("broker.conf").contains("bind = \"127.0.0.1\""));
    assertTrue(text("mosquitto/mosquitto.conf").contains("listener 8883 127.0.0.1\n"));

    Report report = apply(new Wanted().hosts("fd00::7", "hub.local").port(9000));

    assertEquals("mqtts://[fd00::7]:9000", report.url());
    assertEquals("mqtts://[fd00::7]:9000", line("cameras/gate.txt", "url"));
    assertTrue(text("broker.conf").contains("bind = \"0.0.0.0\""));
    assertTrue(text("broker.conf").contains("connection.broker = \"mqtts://127.0.0.1:9000\""));
    assertTrue(text("mosquitto/mosquitto.conf").contains("listener 9000\n"));
    assertEquals(List.of(), apply(new Wanted().hosts("fd00::7", "hub.local")).files());
  }

  @Test
  void apply_frames_areForDashboardsOnly() throws Exception {
    apply(house());
    apply(new Wanted().frames("wall"));
    assertTrue(text("users").contains("\nwall:dashboard+frames:home:$7$"));
    assertTrue(
        text("mosquitto/acl").contains("user wall\ntopic write chorale/home/camera/wall/image"));
    assertTrue(
        text("mosquitto/acl")
            .split("user wall", 2)[1]
            .contains("topic read chorale/home/camera/+/image"));
    assertEquals(
        "--frames: 'gate' is not a dashboard; allowed: names of dashboards: wall",
        refusal(new Wanted().frames("gate")));
  }

  @Test
  void apply_userFiles_areKept() throws Exception {
    apply(house());
    Path own = folder.resolve("boards/pi1/worker.conf");
    Files.writeString(own, "mine");
    apply(new Wanted().rotate("pi1"));
    assertEquals("mine", Files.readString(own));
  }

  @Test
  void apply_afterAnInterruption_completesTheFolder() throws Exception {
    apply(house());
    Map<String, String> whole = contents(folder);
    for (String each : List.of("users", "boards/pi1/password", "mosquitto/acl")) {
      Files.delete(folder.resolve(each));
    }
    Files.writeString(folder.resolve("broker.pem"), "an older one");
    Files.writeString(folder.resolve("users" + PrivateFiles.UNFINISHED), "ha");

    Report report = apply(new Wanted());

    assertEquals(
        Set.of("broker.pem", "users", "boards/pi1/password", "mosquitto/acl"),
        Set.copyOf(report.files()));
    assertEquals(whole, contents(folder));
  }

  @Test
  void backup_restoredElsewhere_isTheSameSite() throws Exception {
    apply(house().certificates());
    Files.writeString(folder.resolve("host.conf"), "mine");
    Path file = scratch.resolve("backup.zip");
    setup(folder).backup(file);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    Path other = scratch.resolve("other");

    setup(other).restore(file);

    assertEquals(
        Set.of("README.md", "mosquitto/mosquitto.conf"),
        changed(contents(folder), contents(other)),
        "files with the folder's path");
    assertEquals(List.of(), setup(other).apply(new Wanted().request()).files());
    String again =
        assertThrows(SetupException.class, () -> setup(folder).backup(file)).getMessage();
    assertTrue(again.contains("exists; name a new file"), again);
    String full =
        assertThrows(SetupException.class, () -> setup(folder).restore(file)).getMessage();
    assertTrue(full.contains("not empty") || full.contains("site"), full);
  }

  @Test
  void restore_fileOutsideTheFolder_isRefusedBeforeWriting() throws Exception {
    Path file = scratch.resolve("evil.zip");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (String name : List.of("site.json", "../outside")) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write('x');
      }
    }
    String message =
        assertThrows(SetupException.class, () -> setup(folder).restore(file)).getMessage();
    assertTrue(message.contains("'../outside' is not part"), message);
    assertFalse(Files.exists(scratch.resolve("outside")));
    assertFalse(Files.exists(folder.resolve("site.json")));
  }

  @Test
  void restore_otherFile_failsWithItsName() throws Exception {
    Path file = Files.writeString(scratch.resolve("text"), "no zip");
    String message =
        assertThrows(SetupException.class, () -> setup(folder).restore(file)).getMessage();
    assertTrue(message.startsWith(file + ": not a backup"), message);
  }

  @ParameterizedTest
  @CsvSource({
    "a/b, 'a/b'; allowed: 1 to 64",
    ".., '..'; allowed: 1 to 64",
    "-x, not starting with . or -",
    "broker, is reserved; choose another name",
    "all, is reserved; choose another name",
    "PI1, 'PI1' and 'pi1' differ only in case",
    "gate, 'gate' is already a camera",
    "aggregator, 'aggregator' is already an aggregator",
  })
  void apply_invalidName_isRefused(String name, String expected) throws Exception {
    apply(house());
    Map<String, String> before = contents(folder);
    String message = refusal(new Wanted().add(UserRole.WORKER, name));
    assertTrue(message.contains(expected), message);
    assertEquals(before, contents(folder));
  }

  @Test
  void apply_invalidRequests_failAndChangeNothing() throws Exception {
    assertTrue(refusal(new Wanted()).startsWith("--boards: a new site needs at least one"));
    assertTrue(refusal(house().remove("pi1")).contains("no site yet; create one with"));
    assertTrue(refusal(house().hosts("a b")).startsWith("--host: 'a b'; allowed"));
    assertTrue(refusal(house().hosts("1.2.3")).startsWith("--host: '1.2.3'; allowed"));
    assertTrue(refusal(house().site("../x")).startsWith("--site: '../x'; allowed"));
    assertFalse(Files.exists(folder.resolve("site.json")));

    apply(house());
    Map<String, String> before = contents(folder);
    assertEquals(
        "'pi9' is not a member of this site; use --add to add it",
        refusal(new Wanted().members(UserRole.WORKER, "pi9")));
    assertTrue(refusal(new Wanted().rotate("pi9")).contains("members: aggregator, pi1, pi2"));
    assertTrue(refusal(new Wanted().remove("aggregator")).contains("needs an aggregator"));
    assertTrue(refusal(new Wanted().site("barn")).contains("this folder is site 'home'"));
    assertEquals(before, contents(folder));
  }

  @Test
  void apply_otherFolder_isRefused() throws Exception {
    Files.createDirectory(folder);
    Files.writeString(folder.resolve("letter.txt"), "dear");
    assertTrue(refusal(house()).contains("not empty, but not a site"));
    Files.delete(folder.resolve("letter.txt"));
    Files.writeString(folder.resolve("site.json"), "{\"schema\":1}");
    assertTrue(refusal(house()).contains("site.json: not a site"));
  }

  @Test
  void apply_clockFarBehind_fails() {
    SiteSetup early =
        new SiteSetup(folder, Instant.parse("1970-01-01T00:05:00Z"), new SecureRandom());
    String message =
        assertThrows(SetupException.class, () -> early.apply(house().request())).getMessage();
    assertTrue(message.startsWith("this machine's clock shows 1970-01-01"), message);
  }

  @Test
  void apply_twoAggregators_theFirstRunsOnTheHost() throws Exception {
    apply(house().members(UserRole.AGGREGATOR, "hub1", "hub2"));
    assertTrue(
        text("broker.conf").contains("include required(\"aggregators/hub1/aggregator.conf\")"));
    apply(new Wanted().remove("hub1"));
    assertTrue(
        text("broker.conf").contains("include required(\"aggregators/hub2/aggregator.conf\")"));
  }
}
