package chorale.dashboard.web;

import static chorale.dashboard.SiteMessages.missing;
import static chorale.dashboard.SiteMessages.vote;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.dashboard.SiteMessages;
import chorale.imaging.TestPictures;
import chorale.protocol.Bytes;
import chorale.protocol.Message;
import chorale.protocol.Result.MissingReason;
import chorale.protocol.Result.Status;
import chorale.protocol.access.Identity;
import chorale.protocol.access.PasswordHash;
import chorale.protocol.access.UserEntry;
import chorale.protocol.access.UserRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;

/** Tests of the page in Chromium, on an in-memory site. */
class PageTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static ChromeDriver driver;

  @TempDir Path folder;
  private LiveSite site;

  @BeforeAll
  static void startBrowser() throws IOException {
    driver = Browser.start();
  }

  @AfterAll
  static void endBrowser() {
    if (driver != null) {
      driver.quit();
    }
  }

  @BeforeEach
  void openSite() throws IOException {
    Browser.size(driver, 1440, 1000, 1);
    Browser.dark(driver, false);
    site = LiveSite.open();
  }

  /** Fails on violations of the content security policy and on uncaught errors. */
  @AfterEach
  void closeSite() {
    List<String> complaints = new ArrayList<>();
    for (var entry : driver.manage().logs().get("browser")) {
      String line = entry.getMessage();
      if (line.contains("Content Security Policy") || line.contains("Uncaught")) {
        complaints.add(line);
      }
    }
    driver.get("about:blank");
    site.close();
    assertEquals(List.of(), complaints);
  }

  private static void eventually(String what, Callable<Boolean> condition) {
    await(what).atMost(PATIENCE).ignoreExceptions().until(condition);
  }

  private static String text(String selector) {
    return driver.findElement(By.cssSelector(selector)).getText();
  }

  private static boolean isThere(String selector) {
    return !driver.findElements(By.cssSelector(selector)).isEmpty();
  }

  private static Object run(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  private static WebElement card(String camera) {
    return driver.findElement(By.xpath("//article[.//h3[text()='" + camera + "']]"));
  }

  private void open(String query) {
    driver.get(site.address() + query);
    eventually("the page is live", () -> text("#link").equals("Live"));
  }

  @Test
  void live_newResult_isShownOnItsCard() {
    open("");
    assertTrue(text("#live-empty").startsWith("No camera has sent"));

    site.answer("gate");
    eventually("a card", () -> card("gate").getText().contains("cat"));
    site.answer(
        SiteMessages.result(
            "gate",
            99,
            site.now(),
            Status.PARTIAL,
            "dog",
            0.71,
            List.of(vote("V1", "dog", 0.8), vote("V2", "frog", 0.4)),
            List.of(missing("V3", MissingReason.OFFLINE), missing("V4", MissingReason.ERROR))));
    eventually("the next answer", () -> card("gate").getText().contains("dog"));

    String shown = card("gate").getText();
    for (String each : List.of("71 %", "Partial", "frog", "offline", "overloaded", "V4")) {
      assertTrue(shown.contains(each), () -> each + " is not in " + shown);
    }
  }

  @Test
  void hostileText_isOnlyText() {
    String evil = "<img src=x onerror=\"window.hit=1\"><script>window.hit=1</script>";
    site.answer(
        SiteMessages.result(
            "gate",
            1,
            site.now(),
            Status.ANSWERED,
            evil,
            0.9,
            List.of(vote("<b>V1</b>", evil, 0.9)),
            List.of(missing("\"><svg onload=window.hit=1>", MissingReason.OFFLINE))));
    site.publish(Message.of("chorale/home/camera/<script>x/result", Bytes.utf8("{\"schema\":1}")));
    open("");
    eventually("the card", () -> card("gate").getText().contains("<img src=x"));

    assertNull(run("return window.hit ?? null"));
    assertEquals(
        0L, run("return document.querySelectorAll('#cards img[src=\"x\"], #cards b').length"));
  }

  @Test
  void noiseOnTheTopics_whileThePageIsOpen_changesNothing() {
    open("");
    site.answer("gate");
    byte[] noise = new byte[3 << 20];
    new Random(9).nextBytes(noise);
    site.frame("gate", Bytes.wrap(noise));
    site.publish(Message.retained(SiteMessages.TOPICS.result("gate"), Bytes.wrap(noise)));
    site.frame("barn", TestPictures.encoded("jpeg", TestPictures.scene(640, 480)));
    site.answer("barn");

    eventually(
        "the image of the other camera",
        () ->
            Boolean.TRUE.equals(
                run(
                    "return [...document.querySelectorAll('#cards img')].some(i => i.naturalWidth === 320)")));
    assertTrue(card("gate").getText().contains("cat"));
    assertEquals("Live", text("#link"));
  }

  @Test
  void brokerLost_isShown_andThePageRecovers() {
    site.publish(SiteMessages.fleet(2, site.now()));
    site.answer("gate");
    site.answer("barn");
    open("");
    eventually("a card", () -> card("gate").getText().contains("cat"));

    site.broker.stop();
    eventually("the banner", () -> text("#banner").startsWith("No connection to the broker at"));
    assertTrue(text("#banner").contains(": broker stopped. This page shows"), text("#banner"));
    eventually("old cards", () -> card("gate").getAttribute("class").contains("stale"));

    site.broker.start();
    site.answer("gate");
    eventually("a live page", () -> text("#link").equals("Live"));
    eventually("a fresh card", () -> !card("gate").getAttribute("class").contains("stale"));
    assertTrue(
        card("barn").getAttribute("class").contains("stale"),
        "no message since the broker's return");
    driver.findElement(By.linkText("Fleet")).click();
    eventually("boards of unknown state", () -> text("#boards").contains("Unknown"));
  }

  @Test
  void dashboardGone_isShown_andThePageReconnects() throws Exception {
    site.answer("gate");
    open("");
    eventually("a card", () -> isThere(".card"));
    int port = site.web.address().getPort();

    site.close();
    eventually("the banner", () -> text("#banner").contains("dashboard cannot be reached"));
    eventually("an old card", () -> isThere(".card.stale"));

    var same = LiveSite.settings(Optional.empty(), Optional.empty());
    site =
        new LiveSite(
            new chorale.config.DashboardSettings(
                same.name(),
                port,
                same.bind(),
                same.hosts(),
                true,
                Optional.empty(),
                Optional.empty()));
    site.answer("barn");
    eventually("the new state", () -> card("barn").getText().contains("cat"));
    assertFalse(isThere("#camera-gate"), "unknown to the new dashboard");
    assertEquals("Live", text("#link"));
  }

  @Test
  void tenTabs_shareOneConnection() {
    open("");
    String first = driver.getWindowHandle();
    List<String> tabs = new ArrayList<>(List.of(first));
    for (int i = 1; i < 10; i++) {
      driver.switchTo().newWindow(WindowType.TAB);
      tabs.add(driver.getWindowHandle());
      driver.get(site.address());
    }
    site.answer("gate");
    for (String tab : tabs) {
      driver.switchTo().window(tab);
      eventually("a card in each", () -> card("gate").getText().contains("cat"));
    }
    assertTrue(site.dashboard.openTabs() <= 2, "one connection per tab");
    for (String tab : tabs.subList(1, 10)) {
      driver.switchTo().window(tab).close();
    }
    driver.switchTo().window(first);
  }

  @Test
  void filters_areStoredInTheAddress() {
    site.answer("gate");
    site.answer("barn");
    site.answer(
        SiteMessages.result(
            "pond",
            1,
            site.now(),
            Status.UNSURE,
            "frog",
            0.3,
            List.of(vote("V1", "frog", 0.3)),
            List.of()));
    open("");
    eventually("three cards", () -> driver.findElements(By.cssSelector(".card")).size() == 3);

    new Actions(driver).sendKeys("/").perform();
    driver.switchTo().activeElement().sendKeys("frog");
    eventually("one is shown", () -> shown() == 1);
    driver.findElement(By.xpath("//button[contains(., 'Unsure')]")).click();
    assertTrue(
        driver.getCurrentUrl().contains("q=frog")
            && driver.getCurrentUrl().contains("status=unsure"));

    driver.navigate().refresh();
    eventually("still one", () -> shown() == 1);
    driver.findElement(By.id("search")).sendKeys(Keys.chord(Keys.CONTROL, "a"), "gate");
    eventually("none", () -> text("#live-empty").equals("No camera matches the filter."));
    driver.findElement(By.linkText("Fleet")).click();
    driver.navigate().back();
    eventually("back on the live view", () -> driver.findElement(By.id("live")).isDisplayed());
  }

  private static long shown() {
    return driver.findElements(By.cssSelector(".slot")).stream()
        .filter(WebElement::isDisplayed)
        .count();
  }

  @Test
  void proxyWithPrefix_pageWorks() throws Exception {
    site.frame("gate", TestPictures.encoded("jpeg", TestPictures.scene(320, 240)));
    site.answer("gate");
    try (PrefixProxy proxy = new PrefixProxy(site.address())) {
      driver.get(proxy.address());
      eventually("a card with its image", () -> isThere("#cards img[src^='picture/']"));
      eventually("it is live", () -> text("#link").equals("Live"));
      eventually(
          "the image",
          () ->
              Boolean.TRUE.equals(
                  run("return document.querySelector('#cards img').naturalWidth === 320")));
      driver.get("about:blank");
    }
  }

  @Test
  void manyCamerasAndBoards_areAllShown() {
    site.publish(SiteMessages.fleet(100, site.now()));
    for (int i = 0; i < 300; i++) {
      site.answer("camera-" + i);
    }
    open("");
    eventually("all cards", () -> driver.findElements(By.cssSelector(".slot")).size() == 300);
    assertEquals("300", text("#tiles .value"));
    driver.findElement(By.linkText("Fleet")).click();
    eventually(
        "all boards", () -> driver.findElements(By.cssSelector("#boards tbody tr")).size() == 100);
    assertTrue(text("#aggregators").contains("cameras: "));
  }

  @Test
  void tryImage_showsTheAnswerAndEachVote() throws Exception {
    Path file = folder.resolve("deer.jpg");
    Files.write(file, TestPictures.encoded("jpeg", TestPictures.scene(200, 150)).toArray());
    site.answerTries(
        key ->
            SiteMessages.answerTo(key, List.of(vote("V1", "deer", 0.9), vote("V2", "horse", 0.5))));
    open("?view=try");

    driver.findElement(By.id("file")).sendKeys(file.toString());

    eventually("the answer", () -> text("#answer").contains("deer"));
    assertTrue(text("#answer").contains("horse"), "the different vote");
    assertTrue(text("#answer").contains("94 %"));
  }

  @Test
  void login_rightPassword_opensThePage() throws Exception {
    Path users = folder.resolve("users");
    String line =
        new UserEntry(
                new Identity("me", UserRole.OPERATOR, "home"),
                PasswordHash.of(Bytes.utf8("right"), 1_000, new Random(5)))
            .line();
    Files.writeString(users, line + "\n");
    site.close();
    site = new LiveSite(LiveSite.settings(Optional.of(users), Optional.empty()));
    site.answer("gate");
    driver.get(site.address());
    eventually("the form", () -> driver.findElement(By.id("login")).isDisplayed());
    assertFalse(isThere(".card"));

    driver.findElement(By.name("user")).sendKeys("me");
    driver.findElement(By.name("password")).sendKeys("wrong", Keys.ENTER);
    eventually("a refusal", () -> text("#login-error").equals("wrong user or password"));
    axe("the login");
    driver.findElement(By.name("password")).clear();
    driver.findElement(By.name("password")).sendKeys("right", Keys.ENTER);

    eventually("a card", () -> card("gate").getText().contains("cat"));
    driver.findElement(By.id("logout")).click();
    eventually("the form again", () -> driver.findElement(By.id("login")).isDisplayed());
  }

  @Test
  void everyView_lightAndDark_hasNoSeriousAccessibilityFinding() throws Exception {
    site.publish(SiteMessages.fleet(3, site.now()));
    site.answer("gate");
    site.answer(
        SiteMessages.result(
            "barn",
            5,
            site.now(),
            Status.UNSURE,
            "cat",
            0.4,
            List.of(vote("V1", "dog", 0.4)),
            List.of()));
    site.answer(
        SiteMessages.result(
            "pond",
            6,
            site.now(),
            Status.NO_ANSWER,
            "",
            0,
            List.of(),
            List.of(missing("V1", MissingReason.ERROR))));
    site.answer(SiteMessages.result("shed", 7, site.now()));
    for (String view : List.of("live", "fleet", "plots", "try")) {
      open("?view=" + view);
      for (boolean dark : new boolean[] {false, true}) {
        Browser.dark(driver, dark);
        axe(view + (dark ? ", dark" : ", light"));
      }
    }
    Browser.size(driver, 390, 844, 2);
    open("");
    axe("live on a phone");
    site.broker.stop();
    eventually("old cards", () -> isThere(".card.stale"));
    axe("old cards, dark");
    Browser.dark(driver, false);
    axe("old cards, light");
  }

  @SuppressWarnings("unchecked")
  private static void axe(String what) throws IOException {
    run(Browser.axe());
    List<String> found =
        (List<String>)
            driver.executeAsyncScript(
                """
                const done = arguments[0];
                // Styles are checked at once, without transitions.
                document.getAnimations().forEach(each => each.finish());
                axe.run(document).then(report => done(report.passes.length < 10 ? ['nothing was checked'] : report.violations
                    .filter(each => each.impact === 'serious' || each.impact === 'critical')
                    .map(each => each.id + ': ' + each.nodes.map(node => node.html + ' ' + node.failureSummary).join(' | '))));
                """);
    assertEquals(List.of(), found, what);
  }
}
