package chorale.worker;

import chorale.protocol.Handover;
import chorale.protocol.MalformedException;
import chorale.protocol.RequestRules;
import chorale.protocol.RequestRules.Judgement;
import chorale.protocol.TensorCodec;
import chorale.protocol.Topics;
import chorale.protocol.Topics.Address;
import chorale.protocol.bus.Message;
import java.util.Optional;

/** Where a worker's jobs come from. */
sealed interface Intake {

  /** What has the jobs. */
  String filter();

  Verdict judge(Message message);

  /** What a message turned out to be. */
  sealed interface Verdict {
    record Work(Job job) implements Verdict {}

    /** A frame with bad properties: the aggregator answers, and needs no vote to do so. */
    record BadRequest() implements Verdict {}

    record Ignored(Unused reason) implements Verdict {}
  }

  /** A first stage, or a whole network, hears every camera's frames. */
  record Frames(Topics topics, RequestRules rules) implements Intake {
    @Override
    public String filter() {
      return topics.imageFilter();
    }

    @Override
    public Verdict judge(Message message) {
      Judgement judgement = rules.judge(message);
      if (judgement instanceof Judgement.Accepted accepted) {
        return new Verdict.Work(Job.of(accepted.request()));
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
  record Handovers(Topics topics, TensorCodec codec, int stage, long network) implements Intake {
    @Override
    public String filter() {
      return topics.tensorFilter(stage);
    }

    @Override
    public Verdict judge(Message message) {
      Optional<Address> address = topics.parse(message.topic());
      if (address.isEmpty() || !(address.get() instanceof Address.Tensor tensor)) {
        return new Verdict.Ignored(Unused.INVALID_NAME);
      }
      if (message.retain()) {
        return new Verdict.Ignored(Unused.RETAINED);
      }
      Handover handover;
      try {
        handover = codec.decode(message.payload());
      } catch (MalformedException e) {
        return new Verdict.Ignored(Unused.MALFORMED);
      }
      if (handover.stage() != stage || tensor.stage() != stage || handover.network() != network) {
        return new Verdict.Ignored(Unused.FOREIGN);
      }
      return new Verdict.Work(
          new Job(
              handover.key(),
              tensor.camera(),
              handover.budgetMillis(),
              handover.k(),
              new Job.Spent(handover.inferenceMicros(), handover.queueMicros()),
              new Engine.Input.Handed(handover.tensor())));
    }
  }
}
