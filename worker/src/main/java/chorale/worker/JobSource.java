package chorale.worker;

import chorale.protocol.MalformedException;
import chorale.protocol.Message;
import chorale.protocol.RequestRules;
import chorale.protocol.RequestRules.Judgement;
import chorale.protocol.StageTensor;
import chorale.protocol.TensorCodec;
import chorale.protocol.Topics;
import chorale.protocol.Topics.Address;
import java.util.Optional;

/** Where a worker's jobs come from. */
sealed interface JobSource {

  /** What has the jobs. */
  String filter();

  Verdict judge(Message message, long arrivedNanos);

  /** What a message turned out to be. */
  sealed interface Verdict {
    record Work(Job job) implements Verdict {}

    /** A frame with bad properties: the aggregator answers, and needs no vote to do so. */
    record BadRequest() implements Verdict {}

    record Ignored(Unused reason) implements Verdict {}
  }

  /** A first stage, or a whole network, hears every camera's frames. */
  record Frames(Topics topics, RequestRules rules) implements JobSource {
    @Override
    public String filter() {
      return topics.imageFilter();
    }

    @Override
    public Verdict judge(Message message, long arrivedNanos) {
      Judgement judgement = rules.judge(message);
      if (judgement instanceof Judgement.Accepted accepted) {
        return new Verdict.Work(Job.of(accepted.request(), arrivedNanos));
      }
      return judgement instanceof Judgement.Ignored ignored
          ? new Verdict.Ignored(Unused.of(ignored.reason()))
          : new Verdict.BadRequest();
    }
  }

  /**
   * The other stages hear what the stage before hands over.
   *
   * @param stage that this worker runs
   * @param network digest of the whole network's model
   */
  record StageTensors(Topics topics, TensorCodec codec, int stage, long network)
      implements JobSource {
    @Override
    public String filter() {
      return topics.tensorFilter(stage);
    }

    @Override
    public Verdict judge(Message message, long arrivedNanos) {
      Optional<Address> address = topics.parse(message.topic());
      if (address.isEmpty() || !(address.get() instanceof Address.Tensor tensor)) {
        return new Verdict.Ignored(Unused.INVALID_NAME);
      }
      if (message.retain()) {
        return new Verdict.Ignored(Unused.RETAINED);
      }
      StageTensor stageTensor;
      try {
        stageTensor = codec.decode(message.payload());
      } catch (MalformedException e) {
        return new Verdict.Ignored(Unused.MALFORMED);
      }
      if (stageTensor.stage() != stage
          || tensor.stage() != stage
          || stageTensor.network() != network) {
        return new Verdict.Ignored(Unused.FOREIGN);
      }
      return new Verdict.Work(
          new Job(
              stageTensor.key(),
              tensor.camera(),
              stageTensor.budgetMillis(),
              stageTensor.k(),
              new Job.Spent(stageTensor.inferenceMicros(), stageTensor.queueMicros()),
              new Engine.Input.Handed(stageTensor.tensor()),
              arrivedNanos));
    }
  }
}
