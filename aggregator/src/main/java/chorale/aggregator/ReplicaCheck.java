package chorale.aggregator;

import chorale.protocol.Ranked;
import chorale.protocol.Replica;
import chorale.protocol.Reply;
import chorale.protocol.Reply.Outcome.TopK;
import chorale.protocol.RequestKey;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A comparison of replicas on the requests that all of them answer ({@link Replica#isForAll}). The
 * same variant and model must return the same probabilities, up to {@value #TOLERANCE}. Late
 * replies are compared too; the last {@value #MAX} such requests are kept. Logs one line for each
 * pair of workers that disagree, at most {@value #MAX_LINES}. Owned by the aggregator's thread.
 */
final class ReplicaCheck {
  static final double TOLERANCE = 1e-4;
  static final int MAX = 1000;
  static final int MAX_LINES = 100;

  private static final System.Logger LOG = System.getLogger(ReplicaCheck.class.getName());

  private final Roster roster;
  private final Counters counters;
  private final Checks checks;

  /** The replies to the latest questions. */
  private final Map<Question, Answers> answers = new LinkedHashMap<>();

  private final Set<Set<String>> logged = new HashSet<>();

  /** A request to one network, which all its replicas answer. */
  private record Question(RequestKey key, String variant, long modelDigest) {}

  /** The replies of the replicas to one question; all are compared with the first. */
  private static final class Answers {
    private final List<Reply> replies = new ArrayList<>(2);
    private boolean disagree;
    private boolean settled;
  }

  ReplicaCheck(Roster roster, Counters counters, Checks checks) {
    this.roster = roster;
    this.counters = counters;
    this.checks = checks;
  }

  /**
   * @param reply from the network that its worker announced; may arrive twice
   */
  void hear(Reply reply, long nowNanos) {
    String worker = reply.author().worker();
    if (!Replica.isForAll(reply.key())
        || !(reply.outcome() instanceof TopK)
        || roster.info(worker).isEmpty()) {
      return;
    }
    Question question =
        new Question(reply.key(), reply.author().variant(), reply.author().modelDigest());
    Answers known = answers.computeIfAbsent(question, any -> new Answers());
    List<Reply> replies = known.replies;
    if (replies.stream().noneMatch(each -> each.author().worker().equals(worker))) {
      replies.add(reply);
      known.disagree |= replies.size() > 1 && !agree(replies.get(0), reply);
      if (known.disagree && !known.settled) {
        known.settled = checks.disagree(replies, nowNanos);
      }
    }
    if (answers.size() > MAX) {
      answers.remove(answers.keySet().iterator().next());
    }
  }

  private boolean agree(Reply first, Reply second) {
    double difference = difference(first, second);
    if (difference <= TOLERANCE) {
      counters.add(Counter.REPLICAS_AGREED);
      return true;
    }
    counters.add(Counter.REPLICAS_DISAGREED);
    String one = first.author().worker();
    String two = second.author().worker();
    if (logged.size() < MAX_LINES && logged.add(Set.of(one, two))) {
      LOG.log(
          Level.WARNING,
          "workers {0} and {1} disagree about request {2}: their probabilities of {3}, the same"
              + " model, differ by up to {4,number,0.0#####} (allowed: {5,number,0.0#####}); compare"
              + " their versions and boards; further ones of this pair are only counted",
          one,
          two,
          first.key(),
          first.author().variant(),
          difference,
          TOLERANCE);
    }
    return false;
  }

  /**
   * Returns the one reply that differs from the others if all others agree. Needs at least 3
   * replies.
   */
  static Optional<Reply> oddOne(List<Reply> replies) {
    for (Reply each : replies) {
      List<Reply> others = new ArrayList<>(replies);
      others.remove(each);
      boolean agree =
          others.stream()
              .allMatch(one -> others.stream().allMatch(two -> difference(one, two) <= TOLERANCE));
      if (others.size() > 1
          && agree
          && others.stream().allMatch(other -> difference(each, other) > TOLERANCE)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  /** Returns the difference of two replies with votes. */
  static double difference(Reply one, Reply two) {
    return difference(((TopK) one.outcome()).ranked(), ((TopK) two.outcome()).ranked());
  }

  /**
   * Returns a lower bound of the largest difference between the two networks' probabilities. A
   * class missing from a reply has at most that reply's last probability.
   */
  static double difference(List<Ranked> one, List<Ranked> two) {
    return Math.max(beyond(one, two), beyond(two, one));
  }

  private static double beyond(List<Ranked> one, List<Ranked> two) {
    double last = two.get(two.size() - 1).probability();
    double difference = 0;
    for (Ranked each : one) {
      double left = each.probability() - last;
      for (Ranked other : two) {
        if (other.index() == each.index()) {
          left = Math.abs(each.probability() - other.probability());
        }
      }
      difference = Math.max(difference, left);
    }
    return difference;
  }
}
