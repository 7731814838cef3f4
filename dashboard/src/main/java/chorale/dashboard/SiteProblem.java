package chorale.dashboard;

import chorale.dashboard.SiteSnapshot.Aggregator;
import chorale.dashboard.SiteSnapshot.Board;
import chorale.protocol.Trust;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A problem of a site, with its remedy. Immutable.
 *
 * @param stops whether frames get no answer because of it; otherwise answers are less certain, or
 *     redundancy is lost
 * @param what the problem, one sentence
 * @param remedy what to do
 */
public record SiteProblem(boolean stops, String what, String remedy) {

  /** Returns all problems in a snapshot, those that stop the site first. */
  public static List<SiteProblem> of(SiteSnapshot site) {
    List<SiteProblem> all = new ArrayList<>();
    boolean anyReady = site.aggregators().stream().anyMatch(Aggregator::isReady);
    if (!anyReady) {
      all.add(
          new SiteProblem(
              true, "No aggregator is ready.", "Start one: chorale aggregator --name NAME"));
    }
    if (site.boards().stream().noneMatch(board -> board.service().isOnline())) {
      all.add(
          new SiteProblem(true, "No board is online.", "Start one: chorale worker --variant V1"));
    }
    for (String variant : missingVariants(site)) {
      all.add(
          new SiteProblem(
              false,
              "Variant " + variant + " is missing: none of its boards is online.",
              "Start its board again, or use another board: chorale worker --variant " + variant));
    }
    for (Board board : site.boards()) {
      if (!board.service().isOnline()) {
        all.add(
            new SiteProblem(
                false,
                "Board " + board.service().name() + " is offline.",
                "Check its power, network and log."));
      }
    }
    for (Board board : site.boards()) {
      board.trust().flatMap(SiteProblem::of).ifPresent(all::add);
    }
    for (Aggregator each : site.aggregators()) {
      if (!each.isReady()) {
        all.add(
            new SiteProblem(
                false,
                "Aggregator " + each.service().name() + " is " + state(each) + ".",
                "Check its log."
                    + (anyReady ? " Other aggregators publish for its cameras meanwhile." : "")));
      }
    }
    return all;
  }

  private static String state(Aggregator aggregator) {
    if (!aggregator.service().isOnline()) {
      return "offline";
    }
    return aggregator.part().isEmpty() ? "online, but has sent no info" : aggregator.part();
  }

  private static Optional<SiteProblem> of(Trust trust) {
    String found = trust.reason().isEmpty() ? "." : ": " + trust.reason() + ".";
    String command = "chorale trust " + trust.worker();
    if (trust.isQuarantined()) {
      String what = "Board " + trust.worker() + " is quarantined by " + trust.by() + found;
      String remedy = "Find the cause. Then trust the board again: " + command;
      return Optional.of(new SiteProblem(false, what, remedy));
    }
    return trust.isSuspected()
        ? Optional.of(
            new SiteProblem(
                false,
                "Board " + trust.worker() + " failed a check, but its votes count" + found,
                "Find the cause. Then quarantine the board: "
                    + command
                    + " --quarantine; or trust it: "
                    + command))
        : Optional.empty();
  }

  /** Returns the announced variants without an online board. */
  public static Set<String> missingVariants(SiteSnapshot site) {
    Set<String> missing =
        site.boards().stream()
            .map(Board::variant)
            .filter(variant -> !variant.isEmpty())
            .collect(Collectors.toCollection(TreeSet::new));
    site.boards().stream()
        .filter(board -> board.service().isOnline())
        .forEach(board -> missing.remove(board.variant()));
    return missing;
  }
}
