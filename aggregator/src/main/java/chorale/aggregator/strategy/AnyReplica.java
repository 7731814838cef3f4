package chorale.aggregator.strategy;

import chorale.protocol.RequestKey;
import java.util.ArrayList;
import java.util.List;

/**
 * The expected set under variant and class parallelism and on a single board: the first reply of a
 * variant is its vote. Of replicas that share requests, only the owner of the request is expected.
 * If the owner is silent, all available replicas are expected: any of them may answer once it
 * detects the loss, which is later than the aggregator does. Owned by its window.
 */
final class AnyReplica extends Expected {
  /** The expected workers whose turn it is; the others are optional substitutes. */
  private List<String> turn;

  AnyReplica(List<String> workers, List<String> turn, boolean offline) {
    super(workers, offline);
    this.turn = turn;
  }

  static AnyReplica of(Replicas replicas, RequestKey key) {
    List<String> turn = replicas.answering(key);
    List<String> workers = turn.isEmpty() ? replicas.available() : turn;
    List<String> voters =
        workers.stream().filter(each -> !replicas.quarantined().contains(each)).toList();
    AnyReplica expected = new AnyReplica(voters, turn, replicas.online().isEmpty());
    expected.quarantined = voters.isEmpty() && !workers.isEmpty();
    return expected;
  }

  @Override
  public boolean isPending() {
    return gone.size() < workers.size();
  }

  @Override
  public boolean settles() {
    return !workers.isEmpty();
  }

  @Override
  public List<String> owing() {
    List<String> owing = new ArrayList<>(workers);
    owing.retainAll(turn);
    owing.removeAll(gone);
    owing.removeAll(replied);
    return owing;
  }

  @Override
  public void join(String worker, Expected now, boolean wasThere) {
    offline &= now.offline;
    quarantined &= now.quarantined;
    if (!wasThere) {
      return;
    }
    turn = ((AnyReplica) now).turn;
    if (now.workers.contains(worker) && !workers.contains(worker) && !replied.contains(worker)) {
      workers = new ArrayList<>(workers);
      workers.add(worker);
    }
  }
}
