package chorale.broker;

import chorale.protocol.Limits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * HiveMQ's configuration file. Its defaults would throttle publishers to 10 messages
 * unacknowledged. What waits for a client is bounded by {@link ClientQueues}.
 */
record HiveMqConfig(InetAddress bind, int port, Optional<Integer> webSocketPort) {
  static final int RECEIVE_MAXIMUM = 1000;

  static final int MAX_PACKET_BYTES = Limits.MAX_PACKET_BYTES;

  /** Where the broker must listen, in this order. */
  List<InetSocketAddress> listeners() {
    List<InetSocketAddress> listeners = new ArrayList<>();
    listeners.add(new InetSocketAddress(bind, port));
    webSocketPort.ifPresent(number -> listeners.add(new InetSocketAddress(bind, number)));
    return listeners;
  }

  void write(Path folder) throws IOException {
    Path file = folder.resolve("config.xml");
    Files.writeString(file, xml());
    if (!Files.isReadable(file)) {
      throw new IOException(file + " cannot be read");
    }
  }

  String xml() {
    String address = bind.getHostAddress();
    String webSocket =
        webSocketPort
            .map(
                number ->
                    """
                        <websocket-listener>
                          <port>%d</port>
                          <bind-address>%s</bind-address>
                          <path>/mqtt</path>
                          <subprotocols>
                            <subprotocol>mqtt</subprotocol>
                          </subprotocols>
                          <allow-extensions>true</allow-extensions>
                        </websocket-listener>
                    """
                        .formatted(number, address))
            .orElse("");
    return """
        <?xml version="1.0" encoding="UTF-8"?>
        <hivemq>
          <listeners>
            <tcp-listener>
              <port>%d</port>
              <bind-address>%s</bind-address>
            </tcp-listener>
        %s
          </listeners>
          <mqtt>
            <topic-alias>
              <enabled>false</enabled>
            </topic-alias>
            <packets>
              <max-packet-size>%d</max-packet-size>
            </packets>
            <receive-maximum>
              <server-receive-maximum>%d</server-receive-maximum>
            </receive-maximum>
          </mqtt>
          <anonymous-usage-statistics>
            <enabled>false</enabled>
          </anonymous-usage-statistics>
          <persistence>
            <mode>in-memory</mode>
          </persistence>
        </hivemq>
        """
        .formatted(port, address, webSocket, MAX_PACKET_BYTES, RECEIVE_MAXIMUM);
  }
}
