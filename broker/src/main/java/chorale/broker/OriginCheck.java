package chorale.broker;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Optional;

/**
 * A handler that refuses WebSocket requests of web pages whose origin is not allowed. One per
 * connection.
 */
final class OriginCheck extends ChannelInboundHandlerAdapter {
  private final Origins origins;
  private final BrokerLog log;

  OriginCheck(Origins origins, BrokerLog log) {
    this.origins = origins;
    this.log = log;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!(message instanceof FullHttpRequest request)) {
      context.fireChannelRead(message);
      return;
    }
    Optional<String> origin = Optional.ofNullable(request.headers().get(HttpHeaderNames.ORIGIN));
    Optional<String> host = Optional.ofNullable(request.headers().get(HttpHeaderNames.HOST));
    if (origins.allow(origin, host)) {
      context.fireChannelRead(message);
      return;
    }
    request.release();
    log.warn(
        "origin",
        new Who(origin.orElse(""), Optional.empty(), Doorman.address(context.channel())),
        "refused a web page from '"
            + BrokerLog.shown(origin.orElse(""))
            + "' ("
            + Doorman.address(context.channel())
            + "); set broker.web-socket-origins to the pages that may connect");
    context
        .writeAndFlush(
            new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.FORBIDDEN))
        .addListener(ChannelFutureListener.CLOSE);
  }
}
