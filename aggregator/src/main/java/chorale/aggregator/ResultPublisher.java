package chorale.aggregator;

import chorale.protocol.Bytes;
import chorale.protocol.Message;
import chorale.protocol.MessageProperties;
import chorale.protocol.Qos;
import chorale.protocol.Result;
import chorale.protocol.ResultCodec;
import chorale.protocol.Topics;
import chorale.protocol.bus.Bus;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A publisher of results. It sends each to the camera's result topic, retained, and to the
 * requested response topics, not retained and with the correlation data. All messages have QoS 1.
 * Used by the aggregator's thread; failures are counted on the bus's thread.
 *
 * <p>Two kinds of results are not retained: repeated ones, which must not replace a newer result,
 * and {@code no_answer}, so that later subscribers get the last answer.
 */
final class ResultPublisher {
  static final String JSON = "application/json";
  private static final MessageProperties PLAIN = MessageProperties.NONE.withContentType(JSON);

  private final Bus bus;
  private final Topics topics;
  private final ResultCodec codec = new ResultCodec();
  private final AtomicLong failed = new AtomicLong();

  ResultPublisher(Bus bus, Topics topics) {
    this.bus = bus;
    this.topics = topics;
  }

  void send(Result result, List<String> responseTopics, Optional<Bytes> correlation) {
    Bytes payload = codec.encode(result);
    String topic = topics.result(result.camera());
    boolean retain = !result.repeated() && result.answer().isPresent();
    MessageProperties response = PLAIN.withCorrelation(correlation);
    boolean same = responseTopics.contains(topic);
    publish(new Message(topic, payload, Qos.AT_LEAST_ONCE, retain, same ? response : PLAIN));
    for (String each : responseTopics) {
      if (!each.equals(topic)) {
        publish(new Message(each, payload, Qos.AT_LEAST_ONCE, false, response));
      }
    }
  }

  /** Publishes a result again so that the broker retains it. */
  void keep(Result result) {
    publish(
        new Message(
            topics.result(result.camera()), codec.encode(result), Qos.AT_LEAST_ONCE, true, PLAIN));
  }

  /** Clears the retained result and class of this camera. */
  void forget(String camera) {
    publish(Message.retained(topics.result(camera), Bytes.EMPTY));
    publish(Message.retained(topics.steadyClass(camera), Bytes.EMPTY));
  }

  void publish(Message message) {
    bus.publish(message)
        .whenComplete(
            (done, error) -> {
              if (error != null) {
                failed.incrementAndGet();
              }
            });
  }

  void discardWaiting() {
    bus.discardWaiting();
  }

  /** Returns the number of messages that the broker did not accept. */
  long failed() {
    return failed.get();
  }
}
