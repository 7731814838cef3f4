package chorale.worker;

import chorale.protocol.Address;
import chorale.protocol.Assignment;
import chorale.protocol.Fleet;
import chorale.protocol.IgnoredReason;
import chorale.protocol.Judgment;
import chorale.protocol.Replica;
import chorale.protocol.RequestKey;
import chorale.protocol.Role;
import chorale.protocol.Topics;
import chorale.protocol.Topics.StatusKind;
import chorale.protocol.WorkerInfo;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.Subscription;
import chorale.worker.Job.Spent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The strategy of workers that share requests: replicas of a variant, of the reference network
 * (data parallelism), or of one of its stages. Each request belongs to one of the present workers
 * ({@link Replica}). All replicas of a variant answer a few requests, so that their answers can be
 * compared. This worker itself always counts as present. Owned by the worker's thread.
 *
 * <p>Another worker is present if it is online according to the broker and its latest live message
 * is at most {@code patience} old. Retained messages do not count: they may come from a process
 * that ended while no broker was up to publish its last will. Workers publish their health
 * regularly, and also as soon as they receive live info from a worker that shares requests with
 * them. A new worker therefore detects the others within one round trip.
 *
 * <p>Workers' views differ briefly when a worker comes or goes. Two workers may then answer the
 * same request, which costs work but no vote. If a worker is lost, its requests get no answer from
 * this variant until its last will arrives, after at most 1.5 keep-alives. If a worker hangs with a
 * live connection, or the broker dropped its last will, they get none until its health message is
 * overdue.
 */
public final class SharedRequests implements WorkerStrategy {
  private final WorkerStrategy jobs;
  private final Topics topics;
  private final long patienceNanos;

  private final Fleet fleet = new Fleet();

  /** When a live message of each other worker last arrived. */
  private final Map<String, Long> heardNanos = new HashMap<>();

  private WorkerInfo own;
  private Replica self;
  private Replica[] others = {};

  /**
   * @param jobs handles the requests that belong to this worker
   * @param patience several health intervals of the workers
   */
  public SharedRequests(WorkerStrategy jobs, Topics topics, Duration patience) {
    this.jobs = Objects.requireNonNull(jobs, "jobs");
    this.topics = Objects.requireNonNull(topics, "topics");
    this.patienceNanos = patience.toNanos();
  }

  @Override
  public Assignment assignment() {
    return jobs.assignment();
  }

  /** The other workers' status comes first, so that the others are known before the first job. */
  @Override
  public List<Subscription> subscriptions() {
    return Stream.concat(
            Stream.of(StatusKind.values())
                .map(kind -> topics.statusFilter(Role.WORKER, kind))
                .map(Subscription::withRetained),
            jobs.subscriptions().stream())
        .toList();
  }

  @Override
  public void begin(WorkerInfo info) {
    own = info;
    self = Replica.of(info);
  }

  @Override
  public boolean hear(Address.Status status, BusEvent.Delivered delivered) {
    if (fleet.hear(status, delivered.message().payload()) instanceof Fleet.Effect.Changed) {
      findOthers();
    }
    boolean shares = fleet.worker(status.name()).filter(own::sharesWith).isPresent();
    if (!shares || delivered.message().retain()) {
      return false;
    }
    heardNanos.put(status.name(), delivered.arrivedNanos());
    return status.kind() == StatusKind.INFO;
  }

  private void findOthers() {
    List<Replica> found = new ArrayList<>();
    for (WorkerInfo info : fleet.onlineWorkers()) {
      if (own.sharesWith(info) && !info.author().worker().equals(self.worker())) {
        found.add(Replica.of(info));
      }
    }
    others = found.toArray(Replica[]::new);
    heardNanos.keySet().retainAll(found.stream().map(Replica::worker).toList());
  }

  @Override
  public Judgment<Job> judge(Address address, BusEvent.Delivered delivered) {
    Judgment<Job> judgment = jobs.judge(address, delivered);
    return judgment
        .work()
        .filter(job -> !isOurs(job.key(), delivered.arrivedNanos()))
        .<Judgment<Job>>map(job -> new Judgment.Ignored<>(IgnoredReason.NOT_OURS))
        .orElse(judgment);
  }

  private boolean isOurs(RequestKey key, long now) {
    if (assignment().strategy().isFused() && Replica.isForAll(key)) {
      return true;
    }
    for (Replica each : others) {
      Long heard = heardNanos.get(each.worker());
      if (heard != null && now - heard <= patienceNanos && each.precedes(self, key)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void forget() {
    fleet.forgetAll();
    heardNanos.clear();
    findOthers();
    jobs.forget();
  }

  @Override
  public void publish(Job job, Engine.Output output, Spent spent, ReplyPublisher publisher) {
    jobs.publish(job, output, spent, publisher);
  }
}
