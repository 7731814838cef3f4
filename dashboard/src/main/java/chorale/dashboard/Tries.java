package chorale.dashboard;

import chorale.protocol.Bytes;
import chorale.protocol.Message;
import chorale.protocol.MessageProperties;
import chorale.protocol.Qos;
import chorale.protocol.RequestKey;
import chorale.protocol.RequestRules;
import chorale.protocol.Result;
import chorale.protocol.Topics;
import chorale.protocol.bus.Bus;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/**
 * The open requests for images tried on the page, which are published like camera frames. Bounded.
 * Thread-safe.
 */
final class Tries {
  static final int MAX_OPEN = 8;
  static final int BUDGET_MILLIS = 5_000;

  private final String camera;
  private final String topic;
  private final RandomGenerator random;
  private final Map<RequestKey, CompletableFuture<Bytes>> open = new HashMap<>();

  Tries(String camera, Topics topics, RandomGenerator random) {
    this.camera = camera;
    this.topic = topics.image(camera);
    this.random = random;
  }

  /** Publishes an image; empty if too many requests are open. */
  Optional<CompletableFuture<Bytes>> begin(Bytes image, Bus bus) {
    byte[] correlation = new byte[16];
    RequestKey key;
    CompletableFuture<Bytes> answer = new CompletableFuture<>();
    synchronized (this) {
      if (open.size() >= MAX_OPEN) {
        return Optional.empty();
      }
      random.nextBytes(correlation);
      key = RequestKey.of(camera, Optional.of(Bytes.wrap(correlation)), image);
      open.put(key, answer);
    }
    MessageProperties properties =
        MessageProperties.NONE
            .withCorrelation(Optional.of(Bytes.wrap(correlation)))
            .withExpirySeconds(BUDGET_MILLIS / 1_000)
            .withUser(RequestRules.DEADLINE_MS, String.valueOf(BUDGET_MILLIS));
    var unused = answer.whenComplete((result, failure) -> forget(key));
    var unusedToo =
        bus.publish(new Message(topic, image, Qos.AT_LEAST_ONCE, false, properties))
            .exceptionally(
                failure -> {
                  answer.completeExceptionally(failure);
                  return null;
                });
    return Optional.of(answer);
  }

  void result(Result result) {
    CompletableFuture<Bytes> waiting;
    synchronized (this) {
      waiting = open.get(result.requestId());
    }
    if (waiting != null) {
      waiting.complete(SiteState.answer(result));
    }
  }

  private synchronized void forget(RequestKey key) {
    open.remove(key);
  }
}
