package chorale.worker;

import chorale.protocol.Bytes;
import chorale.protocol.Message;
import chorale.protocol.MessageProperties;
import chorale.protocol.Reply;
import chorale.protocol.Stage;
import chorale.protocol.bus.Bus;
import chorale.protocol.strategy.StageTensor;
import chorale.protocol.strategy.Tensor;
import chorale.worker.Job.Spent;

/** Publishes what a worker sends: replies, tensors and health. Owned by the worker's thread. */
final class ReplyPublisher {
  private final Worker.Dependencies dependencies;
  private final Reply.Author author;
  private final Stage stage;
  private final Bus bus;
  private final WorkerCounters counters;

  ReplyPublisher(
      Worker.Dependencies dependencies,
      Reply.Author author,
      Stage stage,
      Bus bus,
      WorkerCounters counters) {
    this.dependencies = dependencies;
    this.author = author;
    this.stage = stage;
    this.bus = bus;
    this.counters = counters;
  }

  void reply(Job job, Reply.Outcome outcome, Spent spent) {
    Reply reply =
        new Reply(
            job.key(), job.camera(), author, outcome, spent.inferenceMicros(), spent.queueMicros());
    String topic = dependencies.topics().reply(job.camera(), author.variant(), author.worker());
    send(topic, dependencies.replyCodec().encode(reply), job.budgetMillis());
  }

  /** To the board that has the next stage. */
  void handOver(Job job, Tensor tensor, Spent spent) {
    int next = stage.index() + 1;
    StageTensor stageTensor =
        new StageTensor(
            job.key(),
            next,
            author.modelDigest(),
            job.k(),
            job.budgetMillis(),
            spent.inferenceMicros(),
            spent.queueMicros(),
            tensor);
    long leftMillis = job.budgetMillis() - spent.nanos() / 1_000_000;
    send(
        dependencies.topics().tensor(job.camera(), next),
        dependencies.tensorCodec().encode(stageTensor),
        Math.max(1, leftMillis));
  }

  private void send(String topic, Bytes payload, long expiryMillis) {
    int expirySeconds = (int) ((expiryMillis + 999) / 1_000);
    publish(
        Message.of(topic, payload).with(MessageProperties.NONE.withExpirySeconds(expirySeconds)));
  }

  void publish(Message message) {
    bus.publish(message)
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                counters.publishFailed();
              }
            });
  }
}
