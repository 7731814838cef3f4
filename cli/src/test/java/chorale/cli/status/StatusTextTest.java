package chorale.cli.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.cli.Terminal;
import chorale.dashboard.ServiceState;
import chorale.dashboard.SiteProblem;
import chorale.dashboard.SiteSnapshot;
import chorale.dashboard.SiteSnapshot.Aggregator;
import chorale.dashboard.SiteSnapshot.Board;
import chorale.dashboard.SiteSnapshot.Camera;
import chorale.dashboard.SiteSnapshot.Link;
import chorale.dashboard.SiteSnapshot.Service;
import chorale.protocol.Trust;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class StatusTextTest {
  private static final long NOW = 1_800_000_000_000L;

  private static List<String> lines(SiteSnapshot site) {
    Terminal plain = new Terminal(new PrintWriter(Writer.nullWriter()), false, false);
    return new StatusText(plain, NOW).lines(site, SiteProblem.of(site));
  }

  private static SiteSnapshot site(String name, long heardAgoMillis) {
    Service board =
        new Service(
            name,
            ServiceState.OFFLINE,
            NOW - heardAgoMillis,
            5,
            Map.of("resident_bytes", 151_000_000L, "temperature_millicelsius", 61_500L));
    Service aggregator = new Service(name, ServiceState.ONLINE, 0, 5, Map.of());
    return new SiteSnapshot(
        "home",
        new Link("mqtt://" + name + ":1883", true, NOW, ""),
        List.of(new Board(board, name, 12.34, Optional.of(quarantined(name)))),
        List.of(new Aggregator(aggregator, "ready", List.of("gate"), 0)),
        List.of(new Camera(name, Optional.empty(), 0)),
        Optional.empty(),
        0);
  }

  private static Trust quarantined(String name) {
    String reason = "it gave other probabilities for a frame of camera gate that was sent again";
    return new Trust(name, Trust.State.QUARANTINED, "aggregator main", reason, Instant.EPOCH, 0);
  }

  @Test
  void lines_ofAQuarantinedBoard_showTheFullReason() {
    List<String> lines = lines(site("pi-1", 240_000));
    int at =
        lines.indexOf(
            "Board pi-1 is quarantined by aggregator main: it gave other probabilities for");
    assertTrue(at > 0, lines::toString);
    assertEquals("a frame of camera gate that was sent again.", lines.get(at + 1));
    assertEquals(
        "  Find the cause. Then trust the board again: chorale trust pi-1", lines.get(at + 2));
  }

  @Test
  void lines_ofLongNames_fitIn80Columns() {
    for (String line : lines(site("x".repeat(64), 300_000_000_000L))) {
      assertTrue(line.length() <= 80, line);
    }
  }

  @Test
  void lines_ofABoard_showMemoryTemperatureAndAge() {
    List<String> lines = lines(site("pi-1", 240_000));

    assertEquals(
        "pi-1                  offline   pi-1        12.3 ms  151 MB  61 C  4 min ago",
        lines.stream()
            .filter(line -> line.startsWith("pi-1 ") && line.contains("MB"))
            .findFirst()
            .orElseThrow());
    assertTrue(lines.contains("Board pi-1 is offline."), lines::toString);
    assertTrue(
        lines.stream().anyMatch(line -> line.matches("pi-1 +ready +1 camera +never")),
        lines::toString);
  }
}
