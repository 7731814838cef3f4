package chorale.worker.strategy;

import chorale.protocol.Address;
import chorale.protocol.Assignment;
import chorale.protocol.Fleet;
import chorale.protocol.IgnoredReason;
import chorale.protocol.Judgement;
import chorale.protocol.RendezvousHash;
import chorale.protocol.RequestKey;
import chorale.protocol.Role;
import chorale.protocol.Topics;
import chorale.protocol.WorkerInfo;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.Subscription;
import chorale.worker.Engine;
import chorale.worker.Job;
import chorale.worker.Job.Spent;
import chorale.worker.ReplyPublisher;
import chorale.worker.WorkerStrategy;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The strategy of workers with the same assignment that share requests: data parallelism, and the
 * replicas of one stage. Each request has one owner, by its key and the workers that are online
 * ({@link RendezvousHash}). This worker is always one of them. Owned by the worker's thread.
 *
 * <p>Views differ for a moment when a worker comes or goes: a request may then have two owners, or
 * none. The aggregator takes the first answer, and its deadline covers the rest.
 */
final class SharedRequests implements WorkerStrategy {
  private final WorkerStrategy jobs;
  private final Topics topics;
  private final String worker;
  private final String variant;

  private final Fleet fleet = new Fleet();
  private List<String> sharers;

  /**
   * @param jobs what this worker does with its share
   * @param worker this worker's name
   */
  SharedRequests(WorkerStrategy jobs, Topics topics, String worker, String variant) {
    this.jobs = jobs;
    this.topics = topics;
    this.worker = worker;
    this.variant = variant;
    this.sharers = List.of(worker);
  }

  @Override
  public Assignment assignment() {
    return jobs.assignment();
  }

  /** The other workers' status comes first, so that they are known before the first job. */
  @Override
  public List<Subscription> subscriptions() {
    return Stream.concat(
            topics.statusFilters(Role.WORKER).stream().map(Subscription::withRetained),
            jobs.subscriptions().stream())
        .toList();
  }

  @Override
  public Optional<Judgement<Job>> judge(Address address, BusEvent.Delivered delivered) {
    if (address instanceof Address.Status status) {
      if (fleet.hear(status, delivered.message().payload()) instanceof Fleet.Effect.Changed) {
        sharers = sharers();
      }
      return Optional.empty();
    }
    return jobs.judge(address, delivered).map(this::shared);
  }

  private Judgement<Job> shared(Judgement<Job> judgement) {
    return judgement instanceof Judgement.Accepted<Job> accepted && !isOurs(accepted.value().key())
        ? new Judgement.Ignored<>(IgnoredReason.NOT_OURS)
        : judgement;
  }

  private boolean isOurs(RequestKey key) {
    return sharers.size() == 1 || RendezvousHash.owner(key, sharers).equals(Optional.of(worker));
  }

  private List<String> sharers() {
    Stream<String> others =
        fleet.onlineWorkers().stream()
            .filter(this::isAlike)
            .map(info -> info.author().worker())
            .filter(name -> !name.equals(worker));
    return Stream.concat(Stream.of(worker), others).toList();
  }

  private boolean isAlike(WorkerInfo info) {
    return info.author().variant().equals(variant) && info.assignment().equals(assignment());
  }

  @Override
  public void forget() {
    fleet.forgetAll();
    sharers = List.of(worker);
    jobs.forget();
  }

  @Override
  public void publish(Job job, Engine.Output output, Spent spent, ReplyPublisher publisher) {
    jobs.publish(job, output, spent, publisher);
  }
}
