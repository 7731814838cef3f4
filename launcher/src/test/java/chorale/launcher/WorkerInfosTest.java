package chorale.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Bytes;
import chorale.protocol.Calibration;
import chorale.protocol.Digests;
import chorale.protocol.Reply;
import chorale.protocol.Role;
import chorale.protocol.StatusCodec;
import chorale.protocol.Topics;
import chorale.protocol.Topics.StatusKind;
import chorale.protocol.WorkerInfo;
import chorale.protocol.bus.MemoryBroker;
import chorale.protocol.bus.Message;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkerInfosTest {
  private static final List<String> CLASSES = List.of("cat", "dog");

  private final Topics topics = new Topics("home");
  private final MemoryBroker broker = new MemoryBroker(() -> 0);

  @Test
  void online_retainedInfos_areThoseOfWorkersThatAreThere() throws Exception {
    announce("b", 2.5, StatusCodec.ONLINE);
    announce("a", 1.5, StatusCodec.ONLINE);
    announce("gone", 1.0, StatusCodec.OFFLINE);
    WorkerInfos infos = new WorkerInfos(topics, broker.factory(), "plan");

    infos.runOnce();

    assertTrue(infos.isSubscribed());
    assertEquals(
        List.of("a", "b"), infos.online().stream().map(each -> each.author().worker()).toList());
    assertEquals(1.5, infos.online().get(0).selfBenchmarkMillis());
  }

  @Test
  void online_whatIsNoInfo_isLeftOut() throws Exception {
    announce("a", 1.5, StatusCodec.ONLINE);
    publish("a", StatusKind.INFO, Bytes.utf8("{}"));
    WorkerInfos infos = new WorkerInfos(topics, broker.factory(), "plan");

    infos.runOnce();

    assertEquals(List.of(), infos.online());
  }

  private void announce(String worker, double millis, Bytes availability) {
    Reply.Author author =
        new Reply.Author(
            "V1", worker, 1, .35, 96, 2, Digests.prefix(Digests.ofClasses(CLASSES)), 7);
    publish(
        worker,
        StatusKind.INFO,
        new StatusCodec()
            .encode(new WorkerInfo(author, "pets", CLASSES, millis, Calibration.NONE, "0.1.0")));
    publish(worker, StatusKind.AVAILABILITY, availability);
  }

  private void publish(String worker, StatusKind kind, Bytes payload) {
    broker.publish(Message.retained(topics.status(Role.WORKER, worker, kind), payload));
  }
}
