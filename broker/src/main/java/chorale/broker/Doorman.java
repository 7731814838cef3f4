package chorale.broker;

import com.hivemq.bootstrap.netty.ChannelHandlerNames;
import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ServerChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;

/**
 * A Netty hook that adds handlers to HiveMQ's new connections. Netty finds this class as a service
 * and creates it without arguments. A static field therefore holds the ports, TLS flag, allowed
 * origins and log of the broker; a JVM has only one.
 */
public final class Doorman extends ChannelInitializerExtension {
  private static volatile Optional<Rules> rules = Optional.empty();

  private static final ExpiredMessages EXPIRED = new ExpiredMessages();

  /** Whether Netty has called this class since the rules were set. */
  private static volatile boolean seen;

  /**
   * The rules for new connections.
   *
   * @param webSocketPort where the origin of requests is checked
   * @param tls on both ports
   */
  record Rules(
      int port, Optional<Integer> webSocketPort, boolean tls, Origins origins, BrokerLog log) {}

  /** Adds the handlers to all later connections to these ports. */
  static void employ(Rules newRules) {
    System.setProperty(EXTENSIONS_SYSTEM_PROPERTY, "serviceload");
    seen = false;
    rules = Optional.of(newRules);
  }

  static void dismiss() {
    rules = Optional.empty();
  }

  /** Returns whether Netty uses this class at all, which it decides once in a JVM. */
  static boolean isSeen() {
    return seen;
  }

  @Override
  public void postInitializeServerListenerChannel(ServerChannel channel) {
    seen = true;
  }

  @Override
  public void postInitializeServerChildChannel(Channel channel) {
    Optional<Rules> current = rules;
    SocketAddress local = channel.localAddress();
    if (current.isPresent() && local instanceof InetSocketAddress address) {
      // HiveMQ adds its handlers when the channel is registered; these handlers follow them.
      channel.pipeline().addLast(handlers(current.get(), address.getPort()));
    }
  }

  private static ChannelInitializer<Channel> handlers(Rules rules, int port) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addAfter(ChannelHandlerNames.MESSAGE_EXPIRY_HANDLER, "chorale-expired", EXPIRED);
        if (rules.tls()) {
          pipeline.addAfter(
              ChannelHandlerNames.SSL_EXCEPTION_HANDLER,
              "chorale-handshake",
              new HandshakeReport(rules.log()));
        }
        if (port == rules.port()) {
          // before all others, except those of TLS
          String next =
              rules.tls()
                  ? ChannelHandlerNames.ALL_CHANNELS_GROUP_HANDLER
                  : pipeline.firstContext().name();
          pipeline.addBefore(next, "chorale-first-packet", new FirstPacket(rules.log()));
        } else if (rules.webSocketPort().filter(each -> each == port).isPresent()) {
          pipeline.addAfter(
              ChannelHandlerNames.HTTP_OBJECT_AGGREGATOR,
              "chorale-origin",
              new OriginCheck(rules.origins(), rules.log()));
        }
      }
    };
  }

  static String address(Channel channel) {
    return channel.remoteAddress() instanceof InetSocketAddress remote
        ? remote.getAddress().getHostAddress()
        : "?";
  }
}
