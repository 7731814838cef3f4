package chorale.aggregator.trust;

import chorale.aggregator.fusion.Vote;
import chorale.protocol.RequestKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * An unsupervised estimate of each worker's reliability: the share of the last {@value #REQUESTS}
 * requests in which its vote agrees with the other variants. A vote agrees if no other class has
 * more votes among the other variants. Ties count as agreement: with 3 honest variants against 2
 * equal liars, the honest ones then agree and the liars do not.
 *
 * <p>A worker's score is the log-odds of its agreement, with 1 added to each count (Laplace
 * smoothing). A worker is outvoted while its score is below {@value #SHARE} of the median, which
 * can affect at most half of the workers. Workers with fewer than {@value #LEAST} requests are not
 * judged. No worker is judged if the median worker disagrees at least as often as it agrees.
 * Requests with votes of fewer than {@value #QUORUM} variants do not count.
 *
 * <p>The result depends only on these requests: two aggregators with the same {@value #REQUESTS}
 * requests get the same result, whatever they received before. Used by one thread.
 */
public final class Agreements {
  public static final int REQUESTS = 200;

  static final int LEAST = 20;

  /** Fewer variants have no majority. */
  private static final int QUORUM = 3;

  static final double SHARE = .8;

  /** Maximum number of votes of one request, so that memory is bounded. */
  static final int MAX_VOTES = 256;

  private final Map<RequestKey, Ballots> requests = new LinkedHashMap<>();
  private final Map<String, Tally> tallies = new HashMap<>();
  private Set<String> outvoted = Set.of();
  private boolean changed;

  /** The number of requests with a vote of a worker, and of those in which it agreed. */
  private record Tally(int agreed, int of) {
    Tally plus(Tally other) {
      return new Tally(agreed + other.agreed, of + other.of);
    }

    double score() {
      return StrictMath.log((agreed + 1.0) / (of - agreed + 1.0));
    }
  }

  /** A worker's vote: its variant and first class. */
  private record Ballot(String variant, int first) {}

  /** The votes about one request. */
  private static final class Ballots {
    private final Map<String, Ballot> byWorker = new HashMap<>();

    /** The class of each variant. */
    private final Map<String, Integer> voices = new HashMap<>();

    /** The number of variants for each class. */
    private final Map<Integer, Integer> counts = new HashMap<>();

    void add(String worker, Ballot ballot) {
      byWorker.put(worker, ballot);
      if (voices.putIfAbsent(ballot.variant(), ballot.first()) == null) {
        counts.merge(ballot.first(), 1, Integer::sum);
      }
    }

    /** Returns whether no other class has more votes among the other variants. */
    boolean agrees(Ballot ballot) {
      int own = of(ballot.first(), ballot);
      for (int each : counts.keySet()) {
        if (of(each, ballot) > own) {
          return false;
        }
      }
      return true;
    }

    private int of(int index, Ballot except) {
      return counts.getOrDefault(index, 0) - (voices.get(except.variant()) == index ? 1 : 0);
    }
  }

  /**
   * Records a worker's vote, in time or late. Only its first vote for a request counts.
   *
   * @param request of a frame that arrived: invented requests would displace the real ones
   */
  public void hear(RequestKey request, String worker, Vote vote) {
    Ballots ballots = requests.computeIfAbsent(request, any -> new Ballots());
    if (ballots.byWorker.containsKey(worker) || ballots.byWorker.size() >= MAX_VOTES) {
      return;
    }
    count(ballots, -1);
    ballots.add(worker, new Ballot(vote.variant(), vote.first().index()));
    count(ballots, 1);
    if (requests.size() > REQUESTS) {
      Iterator<Ballots> oldest = requests.values().iterator();
      count(oldest.next(), -1);
      oldest.remove();
    }
    changed = true;
  }

  /** Adds one request to the tallies, or subtracts it. */
  private void count(Ballots ballots, int times) {
    if (ballots.voices.size() < QUORUM) {
      return;
    }
    ballots.byWorker.forEach(
        (worker, ballot) -> {
          Tally tally = new Tally(ballots.agrees(ballot) ? times : 0, times);
          if (tallies.merge(worker, tally, Tally::plus).of() == 0) {
            tallies.remove(worker);
          }
        });
  }

  /** Returns the workers whose votes currently do not count. */
  public Set<String> outvoted() {
    if (changed) {
      outvoted = judged();
      changed = false;
    }
    return outvoted;
  }

  private Set<String> judged() {
    double[] scores =
        tallies.values().stream()
            .filter(each -> each.of() >= LEAST)
            .mapToDouble(Tally::score)
            .sorted()
            .toArray();
    double least = scores.length == 0 ? 0 : SHARE * scores[(scores.length - 1) / 2];
    Set<String> below = new HashSet<>();
    if (least > 0) {
      tallies.forEach(
          (worker, tally) -> {
            if (tally.of() >= LEAST && tally.score() < least) {
              below.add(worker);
            }
          });
    }
    return Set.copyOf(below);
  }
}
