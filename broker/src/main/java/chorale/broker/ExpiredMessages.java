package chorale.broker;

import com.hivemq.mqtt.event.PublishDroppedEvent;
import com.hivemq.mqtt.handler.publish.PublishStatus;
import com.hivemq.mqtt.message.publish.PublishWithFuture;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Completes the delivery of messages that expired on their last steps to a client. HiveMQ 2025.5
 * drops them and tells a handler that does not hear of it: the message stays in flight for ever,
 * and nothing more is sent to the client until it reconnects. Stateless; used by HiveMQ's threads.
 */
@Sharable
final class ExpiredMessages extends ChannelInboundHandlerAdapter {
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof PublishDroppedEvent dropped
        && dropped.getMessage() instanceof PublishWithFuture message) {
      message.getFuture().set(PublishStatus.DELIVERED); // takes it out of the client's queue
    }
    context.fireUserEventTriggered(event);
  }
}
