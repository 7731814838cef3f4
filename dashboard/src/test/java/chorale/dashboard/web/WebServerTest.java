package chorale.dashboard.web;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.config.BrokerSettings.ListenerTls;
import chorale.dashboard.SiteMessages;
import chorale.imaging.TestPictures;
import chorale.monitoring.http.HttpPort;
import chorale.protocol.Bytes;
import chorale.protocol.CapturedLog;
import chorale.protocol.Role;
import chorale.protocol.access.Identity;
import chorale.protocol.access.PasswordHash;
import chorale.protocol.access.UserEntry;
import chorale.protocol.access.UserRole;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests of the web server with plain HTTP clients. */
class WebServerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private LiveSite site;

  @AfterEach
  void close() {
    site.close();
  }

  private HttpResponse<String> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(site.address() + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, byte[] body, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(site.address() + path))
            .POST(BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private String origin() {
    return site.address().replaceAll("/$", "");
  }

  /** Sends a request with headers that Java's client does not allow. */
  private String raw(String request) throws IOException {
    URI address = URI.create(site.address());
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      socket.shutdownOutput();
      var in = new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8);
      return String.join("\n", new BufferedReader(in).lines().toList());
    }
  }

  private String withHost(String host) throws IOException {
    return raw("GET /livez HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
  }

  @Test
  void page_andItsFiles_haveNoInlineCodeAndSecurityHeaders() throws Exception {
    site = LiveSite.open();
    HttpResponse<String> page = get("");

    assertEquals(200, page.statusCode());
    String policy = page.headers().firstValue("Content-Security-Policy").orElseThrow();
    assertTrue(policy.contains("default-src 'none'") && !policy.contains("unsafe"), policy);
    assertEquals("nosniff", page.headers().firstValue("X-Content-Type-Options").orElseThrow());
    assertFalse(page.body().contains(" style="), "inline style");
    assertFalse(page.body().contains(" onclick="), "inline script");
    assertFalse(page.body().matches("(?s).*<script[^>]*>[^<].*"), "inline script");
    assertFalse(page.body().matches("(?s).*(src|href)=\"(/|https?:).*"), "absolute address");
    List<String> files =
        Stream.of(page.body().split("\""))
            .filter(each -> each.matches("[a-z.]+\\.(js|css|svg|webmanifest)"))
            .toList();
    assertTrue(files.size() >= 6, files::toString);
    for (String file : files) {
      assertEquals(200, get(file).statusCode(), file);
    }
    String tag = get("app.js").headers().firstValue("ETag").orElseThrow();
    assertEquals(304, get("app.js", "If-None-Match", tag).statusCode());
  }

  @Test
  void paths_belowAProxyPrefix_areTheSame() throws Exception {
    site = LiveSite.open();

    assertEquals(200, get("panel/chorale/").statusCode());
    assertEquals(200, get("panel/chorale/app.css").statusCode());
    assertEquals(404, get("panel/chorale/nothing").statusCode());
    assertEquals(404, get("../../etc/passwd").statusCode());
    assertEquals(404, get("picture/..%2f..%2fpasswd").statusCode());
  }

  @Test
  void host_unknown_isRefused() throws Exception {
    site = LiveSite.open();

    assertTrue(withHost("localhost:8080").contains(" 200 "));
    assertTrue(withHost("127.0.0.1").contains(" 200 "));
    assertTrue(withHost("[::1]:8080").contains(" 200 "));
    assertTrue(withHost("Panel.Example.org").contains(" 200 "));
    String refused = withHost("rebound.<Evil>.example:8080");
    assertTrue(refused.contains(" 421 "), refused);
    assertTrue(refused.contains("unknown host name 'rebound.<evil>.example' (allowed: "), refused);
    assertTrue(withHost("localhost.evil.example").contains(" 421 "));
    assertTrue(withHost("127.0.0.1.evil.example").contains(" 421 "));
    assertTrue(raw("GET /livez HTTP/1.0\r\n\r\n").contains(" 421 "));
  }

  @Test
  void post_fromAnotherPage_isRefused() throws Exception {
    site = LiveSite.open();
    byte[] image = {1};

    assertEquals(403, post("try", image).statusCode());
    assertEquals(403, post("try", image, "Origin", "http://evil.example").statusCode());
    assertEquals(403, post("try", image, "Origin", "null").statusCode());
    assertEquals(403, post("try", image, "Origin", "http://127.0.0.1:1").statusCode());
    assertEquals(
        403, post("try", image, "Origin", origin(), "Sec-Fetch-Site", "cross-site").statusCode());
    assertTrue(site.broker.published(SiteMessages.TOPICS.image(LiveSite.OWN)).isEmpty());
  }

  @Test
  void events_startWithTheFullState_andContinue() throws Exception {
    site = LiveSite.open();
    site.answer("gate");
    try (Events events = new Events(site.address() + "events")) {
      String first = events.next();
      assertTrue(first.contains("\"full\":true"), first);
      assertTrue(first.contains("\"gate\""), first);

      site.answer("barn");

      await().atMost(PATIENCE).until(() -> events.next().contains("\"barn\""));
    }
  }

  @Test
  void readyz_followsTheBroker_livezDoesNot() throws Exception {
    site = LiveSite.open();
    await().atMost(PATIENCE).until(() -> get("readyz").statusCode() == 200);

    site.broker.stop();

    assertEquals(503, get("readyz").statusCode());
    assertEquals(200, get("livez").statusCode());
  }

  @Test
  void metrics_coverTheWholeSite() throws Exception {
    site = LiveSite.open();
    site.publish(SiteMessages.fleet(2, site.now()));
    site.publish(SiteMessages.offline(Role.WORKER, "pi-V2"));
    site.answer("gate");

    await()
        .atMost(PATIENCE)
        .until(() -> get("metrics").body().contains("chorale_camera_last_result_timestamp"));
    String metrics = get("metrics").body();
    for (String line :
        List.of(
            "chorale_dashboard_up{site=\"home\"} 1.0",
            "chorale_worker_up{site=\"home\",variant=\"V1\",worker=\"pi-V1\"} 1.0",
            "chorale_worker_up{site=\"home\",variant=\"V2\",worker=\"pi-V2\"} 0.0",
            "chorale_worker_resident_bytes{site=\"home\",worker=\"pi-V1\"} 1.51E8",
            "chorale_aggregator_up{aggregator=\"hub\",site=\"home\"} 1.0",
            "chorale_aggregator_replies_total{aggregator=\"hub\",outcome=\"late\",site=\"home\"}"
                + " 3.0")) {
      assertTrue(metrics.lines().anyMatch(line::equals), () -> line + " is not in\n" + metrics);
    }
    assertTrue(metrics.contains("chorale_camera_last_result_timestamp_seconds{camera=\"gate\""));
    assertTrue(metrics.contains("chorale_site_results_total{site=\"home\",status=\"answered\"}"));
  }

  /** Live results count; retained ones do not. */
  @Test
  void metrics_ofResults_countLiveMessagesOnly() throws Exception {
    site = LiveSite.open();
    await().atMost(PATIENCE).until(() -> get("readyz").statusCode() == 200);
    site.publish(SiteMessages.live(SiteMessages.result("gate", 1, site.now())));

    String line = "chorale_site_results_total{site=\"home\",status=\"answered\"} 1.0";
    await().atMost(PATIENCE).until(() -> get("metrics").body().lines().anyMatch(line::equals));
    assertTrue(get("metrics").body().contains("chorale_site_response_seconds_count"));
  }

  @Test
  void metrics_throughAProxy_needTheToken() throws Exception {
    site = LiveSite.open();
    String token = "Bearer " + LiveSite.TOKEN.utf8();

    assertEquals(403, get("metrics", "X-Forwarded-For", "192.168.1.9").statusCode());
    assertEquals(
        200, get("metrics", "X-Forwarded-For", "192.168.1.9", "Authorization", token).statusCode());
    assertEquals(405, post("metrics", new byte[1], "Origin", origin()).statusCode());
  }

  @Test
  void picture_ofACamera_isANewlyEncodedJpeg() throws Exception {
    site = LiveSite.open();
    byte[] noise = new byte[3 << 20];
    new Random(1).nextBytes(noise);
    site.frame("noise", Bytes.wrap(noise));
    site.frame("gate", TestPictures.encoded("jpeg", TestPictures.scene(640, 480)));
    await().atMost(PATIENCE).until(() -> get("picture/gate").statusCode() == 200);

    HttpResponse<String> picture = get("picture/gate");

    assertEquals("image/jpeg", picture.headers().firstValue("Content-Type").orElseThrow());
    assertEquals("nosniff", picture.headers().firstValue("X-Content-Type-Options").orElseThrow());
    assertEquals(404, get("picture/noise").statusCode());
    assertEquals(404, get("picture/unknown").statusCode());
  }

  @Test
  void try_image_returnsItsAnswer() throws Exception {
    site = LiveSite.open();
    site.answerTries(
        key -> SiteMessages.answerTo(key, List.of(SiteMessages.vote("V1", "deer", 0.9))));
    await().atMost(PATIENCE).until(site.dashboard::isConnected);
    byte[] image = TestPictures.encoded("jpeg", TestPictures.scene(64, 64)).toArray();

    HttpResponse<String> answer = post("try", image, "Origin", origin());

    assertEquals(200, answer.statusCode(), answer::body);
    assertTrue(answer.body().contains("\"class\":\"deer\""), answer.body());
    assertEquals(413, post("try", new byte[(4 << 20) + 1], "Origin", origin()).statusCode());
    assertEquals(400, post("try", new byte[0], "Origin", origin()).statusCode());
  }

  @Test
  void methods_otherThanGetAndPost_areRefused() throws Exception {
    site = LiveSite.open();
    HttpRequest delete = HttpRequest.newBuilder(URI.create(site.address())).DELETE().build();

    HttpResponse<String> refused = client.send(delete, BodyHandlers.ofString());
    assertEquals(405, refused.statusCode());
    assertEquals(
        "method 'DELETE' is not supported; allowed: GET, HEAD, POST", refused.body().strip());
    assertEquals(405, post("app.js", new byte[1], "Origin", origin()).statusCode());
    HttpRequest head =
        HttpRequest.newBuilder(URI.create(site.address()))
            .method("HEAD", BodyPublishers.noBody())
            .build();
    assertEquals(200, client.send(head, BodyHandlers.ofString()).statusCode());
  }

  @Test
  void login_againstTheUsersFile_opensThePage() throws Exception {
    Path users = folder.resolve("users");
    write(
        users,
        user("me", UserRole.OPERATOR, false, "right"),
        user("wall", UserRole.DASHBOARD, false, "seen"));
    site = new LiveSite(LiveSite.settings(Optional.of(users), Optional.empty()));
    site.frame("gate", TestPictures.encoded("jpeg", TestPictures.scene(64, 64)));

    assertEquals(200, get("").statusCode(), "the page itself has no data");
    assertEquals(401, get("events").statusCode());
    assertEquals(401, get("session").statusCode());
    assertEquals(401, get("picture/gate").statusCode());
    assertEquals(401, post("try", new byte[1], "Origin", origin()).statusCode());
    assertEquals(403, login("me", "wrong").statusCode());
    assertEquals(403, login("nobody", "right").statusCode());
    assertEquals(403, post("login", form("me", "right")).statusCode(), "without an origin");

    HttpResponse<String> login = login("me", "right");
    assertEquals(204, login.statusCode());
    String cookie = login.headers().firstValue("Set-Cookie").orElseThrow();
    assertTrue(cookie.contains("; HttpOnly; SameSite=Strict"), cookie);
    String session = cookie.replaceAll(";.*", "");
    assertEquals("user\n", get("session", "Cookie", session).body());
    await()
        .atMost(PATIENCE)
        .until(() -> get("picture/gate", "Cookie", session).statusCode() == 200);

    String wall =
        login("wall", "seen")
            .headers()
            .firstValue("Set-Cookie")
            .orElseThrow()
            .replaceAll(";.*", "");
    assertEquals(403, get("picture/gate", "Cookie", wall).statusCode(), "no access to frames");

    assertEquals(
        204, post("logout", new byte[0], "Origin", origin(), "Cookie", session).statusCode());
    assertEquals(401, get("session", "Cookie", session).statusCode());
  }

  @Test
  void login_ofOtherRoles_isRefused() throws Exception {
    Path users = folder.resolve("users");
    write(
        users,
        user("pi", UserRole.WORKER, false, "right"),
        user("gate", UserRole.CAMERA, false, "right"));
    site = new LiveSite(LiveSite.settings(Optional.of(users), Optional.empty()));

    assertEquals(403, login("pi", "right").statusCode());
    assertEquals(403, login("gate", "right").statusCode());
  }

  @Test
  void removedUser_isLoggedOutAndItsStreamEnds() throws Exception {
    Path users = folder.resolve("users");
    write(users, user("me", UserRole.OPERATOR, false, "right"));
    site = new LiveSite(LiveSite.settings(Optional.of(users), Optional.empty()));
    String session =
        login("me", "right").headers().firstValue("Set-Cookie").orElseThrow().replaceAll(";.*", "");
    try (Events events = new Events(site.address() + "events", "Cookie", session)) {
      events.next();

      write(users, user("you", UserRole.OPERATOR, false, "other-password"));
      Files.setLastModifiedTime(
          users, java.nio.file.attribute.FileTime.fromMillis(System.currentTimeMillis() + 5_000));

      await().atMost(PATIENCE).until(events::hasEnded);
    }
    assertEquals(401, get("session", "Cookie", session).statusCode());
  }

  @Test
  void usersFile_thatVanished_isLoggedWithTheReason() throws Exception {
    Path users = folder.resolve("users");
    write(users, user("me", UserRole.OPERATOR, false, "right"));
    site = new LiveSite(LiveSite.settings(Optional.of(users), Optional.empty()));
    assertEquals(204, login("me", "right").statusCode());
    try (CapturedLog log = new CapturedLog(Sessions.class)) {
      Files.delete(users);
      assertEquals(403, login("me", "right").statusCode());
      assertEquals(403, login("me", "right").statusCode());
      assertEquals(
          List.of("logins are disabled: " + users + ": no such file; correct dashboard.users-file"),
          log.lines());
    }
  }

  @Test
  void login_manyWrongPasswords_areRateLimited() throws Exception {
    Path users = folder.resolve("users");
    write(users, user("me", UserRole.OPERATOR, false, "right"));
    site = new LiveSite(LiveSite.settings(Optional.of(users), Optional.empty()));
    for (int i = 0; i < 10; i++) {
      assertEquals(403, login("me", "wrong-" + i).statusCode());
    }

    assertEquals(429, login("me", "right").statusCode());
    HttpResponse<String> another =
        post("login", form("me", "right"), "Origin", origin(), "X-Forwarded-For", "192.0.2.7");
    assertEquals(204, another.statusCode(), "another client of a proxy");
  }

  @Test
  void proxyWithoutTls_withUsers_isRefused() throws Exception {
    Path users = folder.resolve("users");
    write(users, user("me", UserRole.OPERATOR, false, "right"));
    site = new LiveSite(LiveSite.settings(Optional.of(users), Optional.empty()));

    assertEquals(403, get("", "X-Forwarded-Proto", "http").statusCode());
    HttpResponse<String> login =
        post(
            "login",
            form("me", "right"),
            "Origin",
            "https://panel.example.org",
            "X-Forwarded-Proto",
            "https");
    assertEquals(204, login.statusCode());
    assertTrue(login.headers().firstValue("Set-Cookie").orElseThrow().contains("; Secure"));
  }

  @Test
  void withTls_pageIsEncryptedAndCookieIsSecure() throws Exception {
    Path users = folder.resolve("users");
    write(users, user("me", UserRole.OPERATOR, false, "right"));
    PemPair pem = PemPair.make(folder);
    site =
        new LiveSite(
            LiveSite.settings(
                Optional.of(users),
                Optional.of(new ListenerTls(pem.certificate(), pem.key(), Optional.empty()))));
    HttpClient trusting = HttpClient.newBuilder().sslContext(pem.trusting()).build();
    URI address = URI.create(site.address());

    assertEquals("https", address.getScheme());
    var page = HttpRequest.newBuilder(address).build();
    assertEquals(200, trusting.send(page, BodyHandlers.ofString()).statusCode());
    var login =
        HttpRequest.newBuilder(address.resolve("login"))
            .header("Origin", origin())
            .POST(BodyPublishers.ofByteArray(form("me", "right")))
            .build();
    String cookie =
        trusting
            .send(login, BodyHandlers.ofString())
            .headers()
            .firstValue("Set-Cookie")
            .orElseThrow();
    assertTrue(cookie.contains("; Secure"), cookie);
  }

  @Test
  void tlsFiles_unusable_areNamed() throws Exception {
    site = LiveSite.open();
    Path empty = Files.writeString(folder.resolve("empty.pem"), "");
    PemPair pem = PemPair.make(folder);

    for (ListenerTls tls :
        List.of(
            new ListenerTls(folder.resolve("none"), pem.key(), Optional.empty()),
            new ListenerTls(pem.certificate(), empty, Optional.empty()),
            new ListenerTls(empty, pem.key(), Optional.empty()))) {
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class,
              () ->
                  HttpPort.open(
                      new HttpPort.Listen("dashboard", "127.0.0.1", 0, Optional.of(tls)),
                      Runnable::run,
                      exchange -> false));
      assertTrue(refused.getMessage().contains("expected: "), refused.getMessage());
    }
  }

  private HttpResponse<String> login(String user, String password) throws Exception {
    return post("login", form(user, password), "Origin", origin());
  }

  private static byte[] form(String user, String password) {
    return ("user=" + user + "&password=" + password).getBytes(StandardCharsets.US_ASCII);
  }

  private static String user(String name, UserRole role, boolean frames, String password) {
    return new UserEntry(
            new Identity(name, role, "home", frames),
            PasswordHash.of(Bytes.utf8(password), 1_000, new Random(5)))
        .line();
  }

  private static void write(Path file, String... lines) throws IOException {
    Files.write(file, List.of(lines));
  }
}
