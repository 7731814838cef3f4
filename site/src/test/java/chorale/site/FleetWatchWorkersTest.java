package chorale.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import org.junit.jupiter.api.Test;

class FleetWatchWorkersTest {
  private static final List<String> CLASSES = List.of("cat", "dog");

  private final Topics topics = new Topics("home");
  private final MemoryBroker broker = new MemoryBroker(() -> 0);

  @Test
  void workers_retainedInfos_areThoseOfOnlineWorkers() throws Exception {
    announce("b", 2.5, StatusCodec.ONLINE);
    announce("a", 1.5, StatusCodec.ONLINE);
    announce("gone", 1.0, StatusCodec.OFFLINE);
    FleetWatch fleet = new FleetWatch(topics, broker.factory(), "plan");

    fleet.runOnce();

    assertTrue(fleet.isSubscribed());
    assertEquals(
        List.of("a", "b"), fleet.workers().stream().map(each -> each.author().worker()).toList());
    assertEquals(1.5, fleet.workers().get(0).selfBenchmarkMillis());
  }

  @Test
  void workers_malformedInfo_isIgnored() throws Exception {
    announce("a", 1.5, StatusCodec.ONLINE);
    publish("a", StatusKind.INFO, Bytes.utf8("{}"));
    FleetWatch fleet = new FleetWatch(topics, broker.factory(), "plan");

    fleet.runOnce();

    assertEquals(List.of(), fleet.workers());
  }

  private void announce(String worker, double millis, Bytes availability) {
    Reply.Author author =
        new Reply.Author(
            "V1", worker, 1, .35, 96, 2, Digests.prefix(Digests.ofClasses(CLASSES)), 7);
    publish(
        worker,
        StatusKind.INFO,
        new StatusCodec()
            .encode(
                new WorkerInfo(
                    author,
                    "pets",
                    CLASSES,
                    millis,
                    1,
                    Calibration.NONE,
                    Assignment.VARIANT,
                    ReplyCodec.SCHEMA,
                    "0.1.0")));
    publish(worker, StatusKind.AVAILABILITY, availability);
  }

  private void publish(String worker, StatusKind kind, Bytes payload) {
    broker.publish(Message.retained(topics.status(Role.WORKER, worker, kind), payload));
  }
}
