package chorale.publisher;

import chorale.protocol.Assignment;
import chorale.protocol.Bytes;
import chorale.protocol.Calibration;
import chorale.protocol.Digests;
import chorale.protocol.Message;
import chorale.protocol.Reply;
import chorale.protocol.ReplyCodec;
import chorale.protocol.Role;
import chorale.protocol.StatusCodec;
import chorale.protocol.Topics;
import chorale.protocol.Topics.StatusKind;
import chorale.protocol.WorkerInfo;
import chorale.protocol.bus.MemoryBroker;
import java.util.List;

/** Announcements of workers on a broker, for tests. */
final class AnnouncedWorkers {
  private final MemoryBroker broker;
  private final Topics topics;
  private final StatusCodec status = new StatusCodec();

  AnnouncedWorkers(MemoryBroker broker, Topics topics) {
    this.broker = broker;
    this.topics = topics;
  }

  void announce(String worker, int inputSize, String... classNames) {
    List<String> classes = List.of(classNames);
    Reply.Author author =
        new Reply.Author(
            "V" + inputSize,
            worker,
            1,
            .35,
            inputSize,
            2,
            Digests.prefix(Digests.ofClasses(classes)),
            7);
    WorkerInfo info =
        new WorkerInfo(
            author,
            "pets",
            classes,
            1,
            1,
            Calibration.NONE,
            Assignment.VARIANT,
            ReplyCodec.SCHEMA,
            "test");
    broker.publish(
        Message.retained(topics.status(Role.WORKER, worker, StatusKind.INFO), status.encode(info)));
    availability(worker, StatusCodec.ONLINE);
  }

  void availability(String worker, Bytes payload) {
    broker.publish(
        Message.retained(topics.status(Role.WORKER, worker, StatusKind.AVAILABILITY), payload));
  }
}
