package chorale.publisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import chorale.protocol.Bytes;
import chorale.protocol.Message;
import chorale.protocol.RequestKey;
import chorale.protocol.ResultCodec;
import chorale.protocol.Topics;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.MemoryBroker;
import chorale.protocol.bus.ServiceEndedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResultWatcherTest {
  private final Topics topics = new Topics("home");
  private final MemoryBroker broker = new MemoryBroker(() -> 0);
  private final List<String> seen = new ArrayList<>();

  @Test
  void runOnce_retainedAndLiveResults_passesBothOnUnchanged() throws Exception {
    Bytes first = result("gate", 1);
    broker.publish(Message.retained(topics.result("gate"), first));
    ResultWatcher watcher = watch(Optional.empty());
    broker.publish(Message.retained(topics.result("door"), result("door", 2)));
    Bytes third = Bytes.utf8(result("gate", 3).utf8().replace("{", "{\"new_field\":1,"));
    broker.publish(Message.retained(topics.result("gate"), third));

    watcher.runOnce();

    assertEquals(List.of(first.utf8(), result("door", 2).utf8(), third.utf8()), seen);
    assertEquals(0, watcher.malformed());
  }

  @Test
  void runOnce_oneCamera_ignoresOthers() throws Exception {
    ResultWatcher watcher = watch(Optional.of("gate"));
    broker.publish(Message.retained(topics.result("door"), result("door", 1)));

    watcher.runOnce();

    assertEquals(List.of(), seen);
  }

  @Test
  void runOnce_malformedMessage_countsItAndContinues() throws Exception {
    ResultWatcher watcher = watch(Optional.empty());
    broker.publish(Message.of(topics.result("gate"), Bytes.utf8("{}")));
    broker.publish(Message.of(topics.result("gate"), result("gate", 1)));

    watcher.runOnce();

    assertEquals(1, seen.size());
    assertEquals(1, watcher.malformed());
  }

  @Test
  void runOnce_connectionEnded_ends() {
    ResultWatcher watcher = watch(Optional.empty());
    watcher.inbox().offer(new BusEvent.Ended("taken over"));

    assertThrows(ServiceEndedException.class, watcher::runOnce);
  }

  private ResultWatcher watch(Optional<String> camera) {
    return new ResultWatcher(
        new ResultWatcher.Scope(topics, camera),
        broker.factory(),
        "chorale-watch-1",
        (result, payload) -> seen.add(payload.utf8()));
  }

  private static Bytes result(String camera, long id) {
    return new ResultCodec().encode(Results.answered(new RequestKey(id, id), camera, "cat"));
  }
}
