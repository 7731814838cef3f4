package chorale.bench;

import chorale.evaluation.measurement.MeasurementException;
import chorale.protocol.Bytes;
import chorale.protocol.Message;
import chorale.protocol.MessageProperties;
import chorale.protocol.Qos;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.Inbox;
import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import java.net.URI;
import java.util.concurrent.CompletionException;

/**
 * A wire with HiveMQ's MQTT client instead of Paho, with the same inbox and the same message
 * properties.
 */
final class HiveMqWire implements Wire {
  private final Inbox inbox = BenchClient.inbox();
  private final Mqtt5Publish publish;
  private final Mqtt5AsyncClient sender;
  private final Mqtt5AsyncClient receiver;

  HiveMqWire(URI broker, Message message) throws MeasurementException {
    publish = publish(message);
    sender = client(broker, "sender");
    receiver = client(broker, "receiver");
    try {
      sender.connect().join();
      receiver.connect().join();
      receiver
          .subscribeWith()
          .topicFilter(message.topic())
          .qos(qos(message.qos()))
          .callback(publish -> inbox.offer(delivered(publish)))
          .send()
          .join();
    } catch (CompletionException e) {
      throw new MeasurementException("HiveMQ's client: " + e.getCause().getMessage(), e);
    }
  }

  private static Mqtt5AsyncClient client(URI broker, String role) {
    return MqttClient.builder()
        .useMqttVersion5()
        .identifier("chorale-bench-hivemq-" + role)
        .serverHost(broker.getHost())
        .serverPort(broker.getPort())
        .buildAsync();
  }

  private static Mqtt5Publish publish(Message message) {
    MessageProperties properties = message.properties();
    return Mqtt5Publish.builder()
        .topic(message.topic())
        .payload(message.payload().sharedArray())
        .qos(qos(message.qos()))
        .correlationData(properties.correlation().orElseThrow().sharedArray())
        .contentType(properties.contentType().orElseThrow())
        .messageExpiryInterval(properties.expirySeconds().orElseThrow())
        .build();
  }

  private static BusEvent delivered(Mqtt5Publish publish) {
    Bytes payload = Bytes.wrap(publish.getPayloadAsBytes());
    Message message = Message.of(publish.getTopic().toString(), payload);
    return new BusEvent.Delivered(message, System.nanoTime());
  }

  private static MqttQos qos(Qos qos) {
    return qos == Qos.AT_MOST_ONCE ? MqttQos.AT_MOST_ONCE : MqttQos.AT_LEAST_ONCE;
  }

  @Override
  public void cross() throws MeasurementException, InterruptedException {
    var unusedSent = sender.publish(publish);
    var unusedArrived = BenchClient.await(inbox, BusEvent.Delivered.class);
  }

  @Override
  public void close() {
    sender.disconnect().exceptionally(gone -> null).join();
    receiver.disconnect().exceptionally(gone -> null).join();
  }
}
