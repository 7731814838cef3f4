package chorale.cli.torture;

import chorale.cli.CommandException;
import chorale.protocol.Labels;
import chorale.site.faults.FaultKind;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** A parser of {@code --faults}: {@code kill,stop} or {@code kill=50,leave=50}. Stateless. */
final class FaultsOption {
  private static final int MOST = 10_000;

  private FaultsOption() {}

  /**
   * Returns the number of faults by kind; 0 if the duration of the run decides.
   *
   * @throws CommandException an unknown kind, a number out of range, or numbers for some kinds only
   */
  static Map<FaultKind, Integer> parse(Optional<String> given) throws CommandException {
    Map<FaultKind, Integer> faults = new EnumMap<>(FaultKind.class);
    if (given.isEmpty()) {
      for (FaultKind each : FaultKind.values()) {
        faults.put(each, 0);
      }
      return faults;
    }
    for (String part : given.get().split(",", -1)) {
      String[] kindAndCount = part.strip().split("=", 2);
      FaultKind kind =
          Labels.find(FaultKind.class, kindAndCount[0])
              .orElseThrow(() -> refused(part, Labels.all(FaultKind.class)));
      faults.put(kind, kindAndCount.length == 1 ? 0 : count(part, kindAndCount[1]));
    }
    long counted = faults.values().stream().filter(count -> count > 0).count();
    if (counted > 0 && counted < faults.size()) {
      throw refused(given.get(), "a number for each kind, or no numbers");
    }
    return faults;
  }

  private static int count(String part, String digits) throws CommandException {
    if (!digits.matches("[1-9]\\d{0,4}") || Integer.parseInt(digits) > MOST) {
      throw refused(part, "KIND=1 to KIND=" + MOST);
    }
    return Integer.parseInt(digits);
  }

  private static CommandException refused(String value, String allowed) {
    return CommandException.refused("--faults", value, allowed);
  }
}
