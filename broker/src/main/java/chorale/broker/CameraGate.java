package chorale.broker;

import chorale.protocol.Limits;
import chorale.protocol.TopicHints;
import chorale.protocol.Topics;
import chorale.protocol.access.Rights;
import com.hivemq.extension.sdk.api.client.parameter.ConnectionInformation;
import com.hivemq.extension.sdk.api.interceptor.publish.PublishInboundInterceptor;
import com.hivemq.extension.sdk.api.interceptor.publish.parameter.PublishInboundInput;
import com.hivemq.extension.sdk.api.interceptor.publish.parameter.PublishInboundOutput;
import com.hivemq.extension.sdk.api.packets.general.MqttVersion;
import com.hivemq.extension.sdk.api.packets.general.UserProperty;
import com.hivemq.extension.sdk.api.packets.publish.AckReasonCode;
import com.hivemq.extension.sdk.api.packets.publish.PublishPacket;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The check of every message of a client that is neither a worker nor an aggregator: its rights,
 * the size of its properties, its rate of images, the free queue space, and topics that closely
 * resemble valid ones. A refused message is dropped and reported; clients with MQTT 5 and QoS 1
 * receive the reason. No client is disconnected, because it would only reconnect and try again.
 * Called by HiveMQ's threads.
 */
final class CameraGate implements PublishInboundInterceptor {
  /**
   * Maximum size of correlation data that reaches subscribers. It is above {@link
   * Limits#MAX_CORRELATION_BYTES}, so that the aggregator can report the mistake in a result.
   * Larger data could overload subscribers with weak libraries.
   */
  static final int MAX_CORRELATION_BYTES = 1024;

  static final int MAX_USER_PROPERTY_BYTES = 16 * 1024;

  private final Who who;
  private final Rights rights;
  private final Shared shared;

  /** The objects that all gates of a broker share. */
  record Shared(
      BrokerLog log,
      Sites sites,
      CameraRates rates,
      ClientQueues queues,
      KeptMessages kept,
      BrokerCounters counters) {}

  CameraGate(Who who, Rights rights, Shared shared) {
    this.who = who;
    this.rights = rights;
    this.shared = shared;
  }

  @Override
  public void onInboundPublish(PublishInboundInput input, PublishInboundOutput output) {
    PublishPacket packet = input.getPublishPacket();
    String topic = packet.getTopic();
    Optional<TopicHints.Hint> hint = TopicHints.ofPublished(topic, shared.sites().known());
    Optional<Refusal> refusal = judge(packet, hint);
    if (refusal.isPresent()) {
      Refusal why = refusal.get();
      shared.counters().refuse();
      shared.log().warn(why.kind(), who, who + " " + why.text());
      refuse(input.getConnectionInformation(), output, why);
      return;
    }
    if (hint.isPresent()) {
      shared
          .log()
          .warn(
              "topic",
              who,
              who
                  + " publishes on '"
                  + BrokerLog.shown(topic)
                  + "', where images get no answer"
                  + said(hint));
    }
    if (packet.getRetain() && Sites.isImage(topic)) {
      output.getPublishPacket().setRetain(false);
      shared
          .log()
          .info("retain", who, who + " publishes images with the retain flag; the flag is removed");
    }
  }

  /**
   * A refused message.
   *
   * @param kind for the log
   * @param text what the client does, for the log
   * @param reason for the client
   */
  private record Refusal(String kind, AckReasonCode code, String text, String reason) {}

  private Optional<Refusal> judge(PublishPacket packet, Optional<TopicHints.Hint> hint) {
    String topic = packet.getTopic();
    if (!rights.mayPublish(topic)) {
      String reason =
          rights.publish().isEmpty()
              ? "may publish nothing"
              : "may publish on: " + String.join(", ", rights.publish());
      return Optional.of(
          new Refusal(
              "publish",
              AckReasonCode.NOT_AUTHORIZED,
              "may not publish on '" + BrokerLog.shown(topic) + "' (" + reason + ")" + said(hint),
              reason));
    }
    boolean image = Sites.isImage(topic);
    int payload = packet.getPayload().map(ByteBuffer::remaining).orElse(0);
    if (packet.getRetain() && !image && !shared.kept().hasRoom(payload)) {
      String reason = "no room for more retained messages";
      return Optional.of(
          new Refusal(
              "kept",
              AckReasonCode.QUOTA_EXCEEDED,
              "publishes retained messages, but " + shared.kept().noRoom(payload),
              reason));
    }
    if (!topic.startsWith(Topics.ROOT + '/')) {
      return Optional.empty();
    }
    int correlation = packet.getCorrelationData().map(ByteBuffer::remaining).orElse(0);
    if (correlation > MAX_CORRELATION_BYTES) {
      String text = "correlation data of " + correlation + " bytes";
      return Optional.of(tooMuch(text, "allowed: 1 to " + Limits.MAX_CORRELATION_BYTES));
    }
    int user = 0;
    for (UserProperty property : packet.getUserProperties().asList()) {
      user += property.getName().length() + property.getValue().length();
    }
    if (user > MAX_USER_PROPERTY_BYTES) {
      String text = "user properties of " + user + " characters";
      return Optional.of(tooMuch(text, "allowed: " + MAX_USER_PROPERTY_BYTES));
    }
    long bytes = (long) payload + correlation + user;
    if (!image) {
      return Optional.empty();
    }
    if (shared.queues().isBehind(topic, bytes, packet.getTimestamp())) {
      String reason = "the aggregator cannot keep up; publish fewer images";
      return Optional.of(
          new Refusal(
              "behind",
              AckReasonCode.QUOTA_EXCEEDED,
              "publishes images faster than the aggregator reads them; the excess is dropped",
              reason));
    }
    if (!shared.rates().admit(who.user().orElse(who.clientId()), bytes)) {
      String reason = "allowed for one camera: " + shared.rates().limit();
      return Optional.of(
          new Refusal(
              "rate",
              AckReasonCode.QUOTA_EXCEEDED,
              "publishes images faster than broker.camera-rate allows; the excess is dropped ("
                  + reason
                  + ")",
              reason));
    }
    return Optional.empty();
  }

  private static Refusal tooMuch(String text, String allowed) {
    return new Refusal(
        "properties",
        AckReasonCode.QUOTA_EXCEEDED,
        "publishes with " + text + "; such messages are dropped (" + allowed + ")",
        text + ", " + allowed);
  }

  private static String said(Optional<TopicHints.Hint> hint) {
    return hint.map(
            each -> "; " + each.reason() + ", the topic for images is '" + each.topic() + "'")
        .orElse("");
  }

  /**
   * Drops the message. With MQTT 3.1.1, HiveMQ would end the connection for any code but success.
   */
  private static void refuse(
      ConnectionInformation connection, PublishInboundOutput output, Refusal why) {
    if (connection.getMqttVersion() == MqttVersion.V_5) {
      output.preventPublishDelivery(why.code(), why.reason());
    } else {
      output.preventPublishDelivery();
    }
  }
}
