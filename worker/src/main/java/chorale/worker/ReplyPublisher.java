package chorale.worker;

import chorale.protocol.Bytes;
import chorale.protocol.Failure;
import chorale.protocol.Message;
import chorale.protocol.MessageProperties;
import chorale.protocol.Reply;
import chorale.protocol.bus.Bus;
import chorale.worker.Job.Spent;

/** A publisher of a worker's replies, tensors and status messages. Owned by the worker's thread. */
public final class ReplyPublisher {
  private final Worker.Dependencies dependencies;
  private final Reply.Author author;
  private final Bus bus;
  private final WorkerCounters counters;

  ReplyPublisher(
      Worker.Dependencies dependencies, Reply.Author author, Bus bus, WorkerCounters counters) {
    this.dependencies = dependencies;
    this.author = author;
    this.bus = bus;
    this.counters = counters;
  }

  /** Replies with the most likely classes, as many as the job asks for. */
  public void topK(Job job, Probabilities probabilities, Spent spent) {
    reply(job, new Reply.Outcome.TopK(probabilities.topK(job.k()), probabilities.other()), spent);
  }

  void failed(Job job, Failure failure, Spent spent) {
    reply(job, failure, spent);
  }

  private void reply(Job job, Reply.Outcome outcome, Spent spent) {
    Reply reply =
        new Reply(
            job.key(), job.camera(), author, outcome, spent.inferenceMicros(), spent.queueMicros());
    String topic = dependencies.topics().reply(job.camera(), author.variant(), author.worker());
    publish(topic, dependencies.replyCodec().encode(reply), job.budgetMillis());
  }

  /**
   * @param expiryMillis rounded up to full seconds
   */
  public void publish(String topic, Bytes payload, long expiryMillis) {
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
