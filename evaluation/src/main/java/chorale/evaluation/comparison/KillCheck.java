package chorale.evaluation.comparison;

import static chorale.evaluation.report.TextFormat.format;

import chorale.evaluation.EvaluationException;
import chorale.evaluation.comparison.Comparison.Death;
import chorale.evaluation.measurement.Camera;
import chorale.evaluation.measurement.MeasurementException;
import chorale.evaluation.measurement.Response;
import chorale.protocol.RendezvousHash;
import chorale.protocol.Result;
import chorale.protocol.Strategy;
import chorale.protocol.bus.BusFactory;
import chorale.site.Board;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A fault test that kills boards of a running site, like a power loss, while requests are in
 * flight. It compares every request with the theory of the strategy. Used by one thread.
 */
final class KillCheck {
  private static final int IN_FLIGHT = 4;
  private static final int DURING = 16;
  private static final int AFTERWARDS = 32;

  /**
   * Deadline as a multiple of the usual response time, because a request may wait for all others in
   * flight.
   */
  private static final int BUDGET = 6;

  /** Time for all processes to receive the dead board's last will. */
  private static final long SETTLE_MILLIS = 500;

  private final StrategySite site;
  private final Camera camera;
  private final List<Board> alive;

  /**
   * @param camera sets the budget of the requests, which is the waiting time of lost ones
   */
  private KillCheck(StrategySite site, Camera camera) {
    this.site = site;
    this.camera = camera;
    this.alive = new ArrayList<>(site.boards());
  }

  /** Kills one board after the other. Each time it sends requests during and after the kill. */
  static List<Death> run(StrategySite site, double usualMillis, BusFactory buses)
      throws EvaluationException, MeasurementException, InterruptedException {
    int budgetMillis = (int) Math.min(20_000, Math.max(2_000, BUDGET * usualMillis));
    try (Camera camera = new Camera("killer", site.contender().topics(), budgetMillis, buses)) {
      KillCheck check = new KillCheck(site, camera);
      List<Death> deaths = new ArrayList<>();
      for (String name : victims(site)) {
        deaths.add(check.kill(site.board(name).orElseThrow(), usualMillis));
      }
      return deaths;
    }
  }

  /**
   * Returns the last board (the most accurate for variants), then the first. Returns only one board
   * if another kill leaves no board or adds no information.
   */
  private static List<String> victims(StrategySite site) {
    List<String> names = site.boards().stream().map(Board::name).toList();
    String last = names.get(names.size() - 1);
    return switch (site.contender().strategy()) {
      case VARIANT, DATA, CLASS -> names.size() > 2 ? List.of(last, names.get(0)) : List.of(last);
      case SINGLE -> List.of(last);
      case MODEL -> List.of(names.get(names.size() / 2));
    };
  }

  private Death kill(Board board, double usualMillis)
      throws EvaluationException, MeasurementException, InterruptedException {
    // At this time some requests are answered, some in flight, some not yet sent.
    Thread killer =
        new Thread(
            () -> {
              try {
                Thread.sleep((long) (usualMillis * DURING / 2 / IN_FLIGHT));
              } catch (InterruptedException e) {
                return;
              }
              site.site().kill(board);
            },
            "killer");
    killer.start();
    List<Response> responses =
        new ArrayList<>(camera.askMany(site.answers().contents(DURING), IN_FLIGHT));
    killer.join();
    Thread.sleep(SETTLE_MILLIS);
    alive.remove(board);
    int during = responses.size();
    // If all are lost, send them at once, because each waits for its deadline.
    responses.addAll(
        camera.askMany(site.answers().contents(AFTERWARDS), losesAll() ? AFTERWARDS : IN_FLIGHT));
    return judged(board, responses, during);
  }

  /**
   * Compares the responses with the theory.
   *
   * @param during number of requests sent before and during the death; the others follow after all
   *     processes have detected it
   */
  private Death judged(Board board, List<Response> responses, int during)
      throws EvaluationException {
    int lost = 0;
    boolean asTheory = true;
    double longest = 0;
    int sureErrors = 0;
    for (int i = 0; i < responses.size(); i++) {
      Response response = responses.get(i);
      longest = Math.max(longest, response.millis());
      asTheory &= response.result().isPresent(); // a lost request gets a result too
      if (StrategySite.isAnswered(response)) {
        int image = response.image() % site.answers().count();
        asTheory &= site.isAsTheory(response.result().orElseThrow(), image);
        asTheory &= i < during || !losesAll();
        sureErrors += i >= during && isSureError(response.result().orElseThrow(), image) ? 1 : 0;
      } else {
        lost++;
        asTheory &= mayBeLost(response, board, i < during);
      }
    }
    return new Death(
        board.name(),
        responses.size(),
        lost,
        expected(),
        asTheory,
        longest,
        responses.size() - during,
        sureErrors);
  }

  /** Returns whether a client that reads only class and status would accept a wrong answer. */
  private boolean isSureError(Result result, int image) {
    return result.status() != Result.Status.UNSURE
        && !site.answers().isRight(result.answer().orElseThrow().index(), image);
  }

  private boolean losesAll() {
    return site.contender().strategy() == Strategy.SINGLE
        || site.contender().strategy() == Strategy.MODEL;
  }

  private boolean mayBeLost(Response response, Board dead, boolean during) {
    return switch (site.contender().strategy()) {
      case VARIANT, CLASS -> false;
      case DATA -> during && wasOwnedBy(dead, response);
      case SINGLE, MODEL -> true;
    };
  }

  private boolean wasOwnedBy(Board dead, Response response) {
    List<String> before = new ArrayList<>();
    alive.forEach(each -> before.add(site.site().workerName(each)));
    before.add(site.site().workerName(dead));
    return RendezvousHash.owner(response.key(), before)
        .equals(Optional.of(site.site().workerName(dead)));
  }

  private String expected() throws EvaluationException {
    if (site.contender().tiers().isPresent()) {
      Set<String> dead = new HashSet<>();
      site.boards().forEach(each -> dead.add(each.name()));
      alive.forEach(each -> dead.remove(each.name()));
      return format(
          "none; the tiers answer without %s, %.1f %% correct",
          String.join(" and ", dead.stream().sorted().toList()),
          100 * site.answers().walk(site.contender().tiers().get(), dead).accuracy());
    }
    return switch (site.contender().strategy()) {
      case VARIANT -> "none; the remaining variants answer";
      case CLASS -> "none; the remaining groups answer, wrong for its classes";
      case DATA -> "its requests in flight, none afterwards";
      case SINGLE, MODEL -> "all from then on, each with an error by its deadline";
    };
  }
}
