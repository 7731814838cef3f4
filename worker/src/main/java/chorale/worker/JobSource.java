package chorale.worker;

import chorale.protocol.Address;
import chorale.protocol.IgnoredReason;
import chorale.protocol.Judgement;
import chorale.protocol.MalformedException;
import chorale.protocol.Message;
import chorale.protocol.RequestRules;
import chorale.protocol.Topics;
import chorale.protocol.strategy.StageTensor;
import chorale.protocol.strategy.TensorCodec;

/** Where a worker's jobs come from. */
sealed interface JobSource {

  /** What has the jobs. */
  String filter();

  /**
   * @param address where the message arrived
   */
  Judgement<Job> judge(Address address, Message message, long arrivedNanos);

  /** A first stage, or a whole network, hears every camera's frames. */
  record Frames(Topics topics, RequestRules rules) implements JobSource {
    @Override
    public String filter() {
      return topics.imageFilter();
    }

    @Override
    public Judgement<Job> judge(Address address, Message message, long arrivedNanos) {
      return rules.judge(address, message).map(request -> Job.of(request, arrivedNanos));
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
    public Judgement<Job> judge(Address address, Message message, long arrivedNanos) {
      if (!(address instanceof Address.Tensor tensor)) {
        return new Judgement.Ignored<>(IgnoredReason.INVALID_NAME);
      }
      if (message.retain()) {
        return new Judgement.Ignored<>(IgnoredReason.RETAINED);
      }
      StageTensor stageTensor;
      try {
        stageTensor = codec.decode(message.payload());
      } catch (MalformedException e) {
        return new Judgement.Ignored<>(IgnoredReason.MALFORMED);
      }
      if (stageTensor.stage() != stage
          || tensor.stage() != stage
          || stageTensor.network() != network) {
        return new Judgement.Ignored<>(IgnoredReason.FOREIGN);
      }
      return new Judgement.Accepted<>(
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
