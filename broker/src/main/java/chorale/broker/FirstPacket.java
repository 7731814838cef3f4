package chorale.broker;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;

/**
 * A handler that reports connections refused before login: programs that do not speak MQTT, and
 * clients whose CONNECT is malformed or refused. HiveMQ reports clients only after it has accepted
 * them. One per connection, until the broker's first answer.
 */
final class FirstPacket extends ChannelDuplexHandler {
  private static final int CONNECT = 0x10;
  private static final int CONNACK = 0x20;
  private static final int TLS_HANDSHAKE = 0x16;

  private final BrokerLog log;
  private boolean spoke;

  FirstPacket(BrokerLog log) {
    this.log = log;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!spoke && message instanceof ByteBuf bytes && bytes.isReadable()) {
      spoke = true;
      int first = bytes.getUnsignedByte(bytes.readerIndex());
      if (first != CONNECT) {
        report(
            context,
            first == TLS_HANDSHAKE
                ? "sent TLS instead of MQTT; this port has no TLS, clients use mqtt://"
                : first >= 'A' && first <= 'Z'
                    ? "sent HTTP instead of MQTT; browsers use broker.web-socket-port"
                    : "sent data that is not MQTT");
        context.pipeline().remove(this);
      }
    }
    context.fireChannelRead(message);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (message instanceof ByteBuf bytes && bytes.readableBytes() >= 4) {
      int at = bytes.readerIndex();
      int code = bytes.getUnsignedByte(at + 3);
      // AccessRules and FailedLogins report these.
      boolean reported =
          code == 0x03 || code == 0x04 || code == 0x85 || code == 0x86 || code == 0x89;
      if (bytes.getUnsignedByte(at) == CONNACK && code != 0 && !reported) {
        report(
            context,
            code == 0x01 || code == 0x84
                ? "uses an MQTT version that is not supported (allowed: 3.1.1 and 5)"
                : "was refused with MQTT reason code 0x%02X".formatted(code));
      }
      context.pipeline().remove(this);
    }
    var unused = context.write(message, promise);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (spoke) {
      report(
          context,
          "was closed before an answer: its CONNECT is malformed or incomplete, or the client did"
              + " not wait");
    }
    context.fireChannelInactive();
  }

  private void report(ChannelHandlerContext context, String what) {
    String address = Doorman.address(context.channel());
    log.warn("connect", Who.at(address), "a connection from " + address + " " + what);
  }
}
