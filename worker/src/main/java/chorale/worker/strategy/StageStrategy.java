package chorale.worker.strategy;

import chorale.protocol.Address;
import chorale.protocol.Assignment;
import chorale.protocol.IgnoredReason;
import chorale.protocol.Judgment;
import chorale.protocol.MalformedException;
import chorale.protocol.Stage;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.Subscription;
import chorale.protocol.strategy.StageTensor;
import chorale.protocol.strategy.TensorCodec;
import chorale.worker.AllFrames;
import chorale.worker.Engine;
import chorale.worker.Job;
import chorale.worker.Job.Spent;
import chorale.worker.ReplyPublisher;
import chorale.worker.WorkerStrategy;
import java.util.List;

/**
 * The strategy of a worker that runs one stage of a network (model parallelism). The first stage
 * takes frames, every later stage takes the tensor of the one before, and the last stage replies.
 * Owned by the worker's thread.
 *
 * @param frames strategy for whole networks: judges frames for the first stage, replies for the
 *     last one
 * @param network digest of the whole network's model
 */
record StageStrategy(AllFrames frames, TensorCodec codec, long network) implements WorkerStrategy {
  @Override
  public Assignment assignment() {
    return frames.assignment();
  }

  private Stage stage() {
    return assignment().stage();
  }

  @Override
  public List<Subscription> subscriptions() {
    return stage().isFirst()
        ? frames.subscriptions()
        : List.of(Subscription.live(frames.topics().tensorFilter(stage().index())));
  }

  @Override
  public Judgment<Job> judge(Address address, BusEvent.Delivered delivered) {
    return stage().isFirst() ? frames.judge(address, delivered) : judgeTensor(address, delivered);
  }

  private Judgment<Job> judgeTensor(Address address, BusEvent.Delivered delivered) {
    if (!(address instanceof Address.Tensor tensor)) {
      return new Judgment.Ignored<>(IgnoredReason.INVALID_NAME);
    }
    if (delivered.message().retain()) {
      return new Judgment.Ignored<>(IgnoredReason.RETAINED);
    }
    StageTensor stageTensor;
    try {
      stageTensor = codec.decode(delivered.message().payload());
    } catch (MalformedException e) {
      return new Judgment.Ignored<>(IgnoredReason.MALFORMED);
    }
    int own = stage().index();
    if (stageTensor.stage() != own || tensor.stage() != own || stageTensor.network() != network) {
      return new Judgment.Ignored<>(IgnoredReason.FOREIGN);
    }
    if (!codec.isOfSite(delivered.message().payload())) { // the most expensive check comes last
      return new Judgment.Ignored<>(IgnoredReason.FORGED);
    }
    return new Judgment.Accepted<>(
        new Job(
            stageTensor.key(),
            tensor.camera(),
            stageTensor.budgetMillis(),
            stageTensor.k(),
            new Spent(stageTensor.inferenceMicros(), stageTensor.queueMicros()),
            new Handed(stageTensor.tensor()),
            delivered.arrivedNanos()));
  }

  @Override
  public void publish(Job job, Engine.Output output, Spent spent, ReplyPublisher publisher) {
    if (!(output instanceof Handed handed)) {
      frames.publish(job, output, spent, publisher);
      return;
    }
    int next = stage().index() + 1;
    StageTensor stageTensor =
        new StageTensor(
            job.key(),
            next,
            network,
            job.k(),
            job.budgetMillis(),
            spent.inferenceMicros(),
            spent.queueMicros(),
            handed.tensor());
    long leftMillis = job.budgetMillis() - spent.nanos() / 1_000_000;
    publisher.publish(
        frames.topics().tensor(job.camera(), next),
        codec.encode(stageTensor),
        Math.max(1, leftMillis));
  }
}
