package chorale.broker;

import com.hivemq.mqtt.event.PublishDroppedEvent;
import com.hivemq.mqtt.handler.publish.PublishStatus;
import com.hivemq.mqtt.message.publish.PublishWithFuture;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * A workaround for messages that expire in the last steps of their delivery. HiveMQ 2025.5 drops
 * them and notifies a handler that does not receive the event. The message then stays in flight
 * forever, and the client gets no more messages until it reconnects. This handler completes the
 * delivery. Stateless; used by HiveMQ's threads.
 */
@Sharable
final class ExpiredMessages extends ChannelInboundHandlerAdapter {
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof PublishDroppedEvent dropped
        && dropped.getMessage() instanceof PublishWithFuture message) {
      message.getFuture().set(PublishStatus.DELIVERED); // removes it from the client's queue
    }
    context.fireUserEventTriggered(event);
  }
}
