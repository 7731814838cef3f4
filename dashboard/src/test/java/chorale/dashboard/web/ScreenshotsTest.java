package chorale.dashboard.web;

import static chorale.dashboard.SiteMessages.missing;
import static chorale.dashboard.SiteMessages.vote;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.dashboard.SiteMessages;
import chorale.dashboard.Tab;
import chorale.protocol.Bytes;
import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import chorale.protocol.Result.Answered;
import chorale.protocol.Result.Missing;
import chorale.protocol.Result.MissingReason;
import chorale.protocol.Result.Status;
import chorale.protocol.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.openqa.selenium.By;
import org.openqa.selenium.chrome.ChromeDriver;

/** Creates the screenshots in docs/dashboard; run by scripts/screenshots. */
@EnabledIfSystemProperty(named = "chorale.screenshots", matches = ".+")
class ScreenshotsTest {
  private static final Path TO =
      Path.of(System.getProperty("chorale.screenshots", "target/screenshots"));
  private static final Path PICTURES = Path.of("..", "pictures");
  private static final List<String> CAMERAS =
      List.of(
          "barn",
          "bird-house",
          "drive",
          "feeder",
          "front-door",
          "garden",
          "gate",
          "harbor",
          "meadow",
          "pond",
          "road",
          "runway");
  private static final List<String> SHOWS =
      List.of(
          "horse",
          "bird",
          "automobile",
          "bird",
          "dog",
          "cat",
          "cat",
          "ship",
          "deer",
          "frog",
          "truck",
          "airplane");

  private final Random random = new Random(7);
  private final ScheduledExecutorService rounds = Executors.newSingleThreadScheduledExecutor();
  private long seq;

  @Test
  void screenshots() throws Exception {
    Files.createDirectories(TO);
    ChromeDriver driver = Browser.start();
    try (LiveSite site = LiveSite.open()) {
      pastHour(site);
      site.answerTries(this::tried);
      var unused = rounds.scheduleWithFixedDelay(() -> round(site), 0, 700, TimeUnit.MILLISECONDS);
      Browser.size(driver, 1440, 1040, 1);
      Browser.dark(driver, false);
      driver.get(site.address());
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> driver.findElements(By.cssSelector(".has-picture")).size() == CAMERAS.size());
      shot(driver, "live");
      Browser.dark(driver, true);
      shot(driver, "live-dark");
      Browser.dark(driver, false);
      Browser.size(driver, 390, 844, 2);
      shot(driver, "live-phone");
      driver.get(site.address() + "?view=fleet");
      shot(driver, "fleet-phone");
      Browser.size(driver, 1440, 800, 1);
      shot(driver, "fleet");
      driver.get(site.address() + "?view=plots");
      shot(driver, "plots");
      Browser.dark(driver, true);
      shot(driver, "plots-dark");
      Browser.dark(driver, false);
      driver.get(site.address() + "?view=try");
      driver
          .findElement(By.id("file"))
          .sendKeys(PICTURES.resolve("deer/deer-02.jpg").toAbsolutePath().normalize().toString());
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> !driver.findElements(By.cssSelector(".result")).isEmpty());
      shot(driver, "try");
      driver.get(site.address());
      rounds.shutdownNow();
      site.broker.stop();
      site.passTime(Duration.ofSeconds(95));
      shot(driver, "broker-down");
      assertTrue(Files.exists(TO.resolve("broker-down.webp")));
    } finally {
      rounds.shutdownNow();
      driver.quit();
    }
  }

  /** Simulates an hour with an evening's traffic and a temporarily absent board. */
  private void pastHour(LiveSite site) throws InterruptedException {
    site.passTime(Duration.ofHours(-1));
    site.publish(SiteMessages.fleet(6, site.now()));
    Tab tab = site.dashboard.open(true).orElseThrow();
    for (int step = 0; step < 358; step++) {
      int frames = (int) (130 + 45 * Math.sin(step / 40.0) + random.nextInt(30));
      for (int i = 0; i < frames; i++) {
        Result result = result(random.nextInt(CAMERAS.size()), site);
        boolean away = step > 190 && step < 225;
        site.answer(away ? withoutV4(result) : result);
      }
      site.settle();
      site.passTime(Duration.ofSeconds(10));
      while (tab.take(10).filter(event -> event.utf8().contains("\"row\"")).isEmpty()) {
        site.dashboard.inbox().wake();
      }
    }
    tab.close();
    site.publish(SiteMessages.fleet(6, site.now().minusSeconds(400)));
    site.publish(SiteMessages.offline(Role.WORKER, "pi-V1-6"));
  }

  private static Result withoutV4(Result result) {
    List<Answered> votes =
        result.answered().stream().filter(each -> !each.variant().equals("V4")).toList();
    if (result.status() != Status.ANSWERED || votes.size() == result.answered().size()) {
      return result;
    }
    return SiteMessages.result(
        result.camera(),
        result.origin().seq(),
        result.ts(),
        Status.PARTIAL,
        result.answer().orElseThrow().name(),
        0.85,
        votes,
        List.of(missing("V4", MissingReason.OFFLINE)));
  }

  private void round(LiveSite site) {
    site.publish(SiteMessages.fleet(5, site.now()));
    for (int i = 0; i < CAMERAS.size(); i++) {
      String shows = SHOWS.get(i);
      Path picture = PICTURES.resolve(shows).resolve("%s-0%d.jpg".formatted(shows, 1 + i % 4));
      try {
        site.frame(CAMERAS.get(i), Bytes.wrap(Files.readAllBytes(picture)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      site.answer(result(i, site));
    }
  }

  private Result result(int i, LiveSite site) {
    String shows = SHOWS.get(i);
    List<Answered> votes = new ArrayList<>();
    List<Missing> missing = new ArrayList<>();
    Status status = Status.ANSWERED;
    double confidence = 0.9 + random.nextDouble() * 0.09;
    for (int v = 1; v <= 5; v++) {
      votes.add(vote("V" + v, shows, 0.62 + random.nextDouble() * 0.37));
    }
    switch (i) {
      case 1, 6, 10 -> {
        votes.subList(3, 5).clear();
        missing.add(missing("V4", MissingReason.NOT_NEEDED));
        missing.add(missing("V5", MissingReason.NOT_NEEDED));
      }
      case 3 -> {
        votes.set(0, vote("V1", "frog", 0.41));
        votes.set(2, vote("V3", "airplane", 0.38));
        status = Status.UNSURE;
        confidence = 0.37;
      }
      case 4 -> {
        votes.remove(3);
        missing.add(missing("V4", MissingReason.NO_REPLY));
        votes.set(1, vote("V2", "cat", 0.55));
        status = Status.PARTIAL;
        confidence = 0.84;
      }
      case 8 -> {
        votes.clear();
        for (int v = 1; v <= 5; v++) {
          missing.add(missing("V" + v, MissingReason.ERROR));
        }
        status = Status.NO_ANSWER;
      }
      default -> {}
    }
    return SiteMessages.result(
        CAMERAS.get(i), ++seq, site.now(), status, shows, confidence, votes, missing);
  }

  private Result tried(RequestKey key) {
    return SiteMessages.answerTo(
        key,
        List.of(
            vote("V1", "deer", 0.71),
            vote("V2", "horse", 0.48),
            vote("V3", "deer", 0.88),
            vote("V4", "deer", 0.93),
            vote("V5", "deer", 0.97)));
  }

  private static void shot(ChromeDriver driver, String name) throws Exception {
    String link = name.equals("broker-down") ? "Broker not connected" : "Live";
    Thread.sleep(1500);
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> driver.findElement(By.id("link")).getText().equals(link));
    Object data =
        driver
            .executeCdpCommand("Page.captureScreenshot", Map.of("format", "webp", "quality", 88))
            .get("data");
    Files.write(TO.resolve(name + ".webp"), Base64.getDecoder().decode((String) data));
    for (var entry : driver.manage().logs().get("browser")) {
      System.out.println(name + ": " + entry);
    }
  }
}
