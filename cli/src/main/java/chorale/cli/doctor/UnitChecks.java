package chorale.cli.doctor;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/** Checks of the Debian packages' services, as systemd reports them. Stateless. */
final class UnitChecks {
  private static final List<String> UNITS =
      List.of("chorale-broker", "chorale-aggregator", "chorale-dashboard", "chorale-worker");

  private UnitChecks() {}

  /** Returns no finding for services that are not installed, and none without systemd. */
  static List<Finding> all() {
    return UNITS.stream()
        .flatMap(
            unit ->
                MachineChecks.outputOf(
                    "systemctl", "show", "--property=LoadState,ActiveState,NRestarts", unit)
                    .flatMap(shown -> look(unit, shown))
                    .stream())
        .toList();
  }

  /**
   * @param shown the output of {@code systemctl show}, in lower case
   */
  static Optional<Finding> look(String unit, String shown) {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(shown));
    } catch (IOException e) {
      throw new IllegalStateException("reading a string failed", e);
    }
    if (!"loaded".equals(properties.getProperty("loadstate"))) {
      return Optional.empty();
    }
    String state = properties.getProperty("activestate", "unknown");
    String restarts = properties.getProperty("nrestarts", "0");
    String text = unit + " is " + state + (restarts.equals("0") ? "" : ", restarts: " + restarts);
    String advice = text + "; 'journalctl -u " + unit + "' shows the reason";
    return Optional.of(
        state.equals("failed")
            ? Finding.fail("service", advice)
            : restarts.equals("0") ? Finding.ok("service", text) : Finding.warn("service", advice));
  }
}
