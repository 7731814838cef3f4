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
 * Kills boards of a running site, as a loss of power would, while requests are in flight, and holds
 * every request against what the theory of its strategy says. Used by one thread.
 */
final class KillCheck {
  private static final int IN_FLIGHT = 4;
  private static final int DURING = 16;
  private static final int AFTERWARDS = 32;

  /** Of the usual response time: with others in flight, a request may wait for all of them. */
  private static final int BUDGET = 6;

  /** For the will of the dead board to be heard by all. */
  private static final long SETTLE_MILLIS = 500;

  private final StrategySite site;
  private final Camera camera;
  private final List<Board> alive;

  /**
   * @param camera whose requests' budget is what those that are lost wait for
   */
  private KillCheck(StrategySite site, Camera camera) {
    this.site = site;
    this.camera = camera;
    this.alive = new ArrayList<>(site.boards());
  }

  /** One board after the other: while requests are in flight, and then what is left. */
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

  /** The board that counts most, and then the one that counts least; where one is enough, one. */
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
    // Some of the requests are answered by then, some in flight, some not yet asked.
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
    // All at once where none will be answered: each of them waits for its deadline.
    responses.addAll(
        camera.askMany(site.answers().contents(AFTERWARDS), losesAll() ? AFTERWARDS : IN_FLIGHT));
    return judged(board, responses, during);
  }

  /**
   * @param during so many were asked before and while the board died; the rest after all knew
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
      asTheory &= response.result().isPresent(); // a lost request is told so, and does not hang
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

  /** What a reader of the class and the status alone takes for a right answer. */
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
          "none; the tiers without %s, %.1f %% right",
          String.join(" and ", dead.stream().sorted().toList()),
          100 * site.answers().walk(site.contender().tiers().get(), dead).accuracy());
    }
    return switch (site.contender().strategy()) {
      case VARIANT -> "none; the answers are those of the variants left";
      case CLASS -> "none; the answers are those of the groups left, wrong for its own classes";
      case DATA -> "those in flight that were its own, and none after";
      case SINGLE, MODEL -> "all from then on, each told so by its deadline";
    };
  }
}
