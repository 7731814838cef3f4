package chorale.evaluation.attack;

import chorale.aggregator.fusion.Vote;
import chorale.aggregator.trust.Quarantine;
import chorale.evaluation.attack.Replay.Asked;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A simulation of the boards' self-checks during a replay at 1 request/s: a recent image is sent
 * again, and the board must repeat its vote. The checks do not find a board whose lies depend only
 * on the image. Stateless.
 */
final class SelfChecks {
  static final Duration EVERY = Duration.ofSeconds(60);

  /** Images that an aggregator keeps: the first ones close together, later ones further apart. */
  private static final int KEPT = 16;

  private static final long FIRST_GAP = EVERY.toSeconds() / KEPT;
  private static final long GAP = 10 * EVERY.toSeconds() / KEPT;

  private static final long SECOND = 1_000_000_000L;

  private SelfChecks() {}

  /**
   * The result of the checks.
   *
   * @param after requests from the first lie until all liars were quarantined; empty if some never
   *     were
   * @param honest number of honest boards quarantined
   */
  record Found(OptionalInt after, int honest) {}

  /**
   * @param requests number of requests; the stream repeats as often as needed
   */
  static Found in(
      Replay replay, List<Asked> stream, Set<Integer> liars, int requests, int firstLie) {
    List<String> boards = stream.get(0).votes().stream().map(Vote::variant).toList();
    int most = Math.max(1, Math.min(liars.size(), (boards.size() - 1) / 2));
    Clock clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    Quarantine quarantine = new Quarantine(most, EVERY, "replay", clock);
    SplittableRandom random = new SplittableRandom(1);
    List<Integer> kept = new ArrayList<>();
    long next = 0;
    int honest = 0;
    int caught = 0;
    OptionalInt after = OptionalInt.empty();
    for (int i = 0; i < requests; i++) {
      if (!kept.isEmpty() && !quarantine.due(boards, i * SECOND).isEmpty()) {
        int old = kept.get(random.nextInt(kept.size()));
        Asked image = stream.get(old % stream.size());
        List<Optional<Vote>> before = replay.told(old, image);
        List<Optional<Vote>> now = replay.told(i, image);
        for (int board = 0; board < boards.size(); board++) {
          quarantine.asked(boards.get(board), i * SECOND);
          if (now.get(board).isEmpty()) {
            continue;
          }
          boolean right = now.get(board).equals(before.get(board));
          Quarantine.Change change =
              quarantine.checked(boards.get(board), right, "votes otherwise", i * SECOND);
          if (change == Quarantine.Change.QUARANTINED) {
            honest += liars.contains(board) ? 0 : 1;
            caught += liars.contains(board) ? 1 : 0;
            if (caught == liars.size() && after.isEmpty()) {
              after = OptionalInt.of(i - firstLie);
            }
          }
        }
      }
      if (i >= next) {
        kept.add(i);
        next = i + (kept.size() < KEPT ? FIRST_GAP : GAP);
        if (kept.size() > KEPT) {
          kept.remove(0);
        }
      }
    }
    return new Found(after, honest);
  }
}
