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
 * HiveMQ's configuration file. The defaults would limit publishers to 10 unacknowledged messages.
 * {@link ClientQueues} limits the messages that wait for a client.
 */
record HiveMqConfig(
    InetAddress bind,
    int port,
    Optional<Integer> webSocketPort,
    Optional<ListenerCertificates> certificates) {
  static final int RECEIVE_MAXIMUM = 1000;

  static final int MAX_PACKET_BYTES = Limits.MAX_PACKET_BYTES;

  /** Longer than the ids that MQTT libraries generate. */
  private static final int MAX_CLIENT_ID = 256;

  /** Returns the addresses on which the broker must listen, in this order. */
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
      throw new IOException("cannot read " + file);
    }
  }

  String xml() {
    String address = bind.getHostAddress();
    String kind = certificates.isPresent() ? "tls-" : "";
    String tls = certificates.map(HiveMqConfig::tls).orElse("");
    String webSocket =
        webSocketPort
            .map(
                number ->
                    """
                        <%1$swebsocket-listener>
                          <port>%2$d</port>
                          <bind-address>%3$s</bind-address>
                          %4$s
                          <path>/mqtt</path>
                          <subprotocols>
                            <subprotocol>mqtt</subprotocol>
                          </subprotocols>
                          <allow-extensions>true</allow-extensions>
                        </%1$swebsocket-listener>
                    """
                        .formatted(kind, number, address, tls))
            .orElse("");
    return """
        <?xml version="1.0" encoding="UTF-8"?>
        <hivemq>
          <listeners>
            <%1$stcp-listener>
              <port>%2$d</port>
              <bind-address>%3$s</bind-address>
              %4$s
            </%1$stcp-listener>
        %5$s
          </listeners>
          <mqtt>
            <topic-alias>
              <enabled>false</enabled>
            </topic-alias>
            <packets>
              <max-packet-size>%6$d</max-packet-size>
            </packets>
            <receive-maximum>
              <server-receive-maximum>%7$d</server-receive-maximum>
            </receive-maximum>
          </mqtt>
          <restrictions>
            <max-client-id-length>%8$d</max-client-id-length>
          </restrictions>
          <anonymous-usage-statistics>
            <enabled>false</enabled>
          </anonymous-usage-statistics>
          <persistence>
            <mode>in-memory</mode>
          </persistence>
        </hivemq>
        """
        .formatted(
            kind, port, address, tls, webSocket, MAX_PACKET_BYTES, RECEIVE_MAXIMUM, MAX_CLIENT_ID);
  }

  /**
   * Returns placeholders: HiveMQ would read a key store, but {@link HiveMqInternals#useTls}
   * replaces it.
   */
  private static String tls(ListenerCertificates certificates) {
    return """
        <tls>
          <keystore>
            <path>none</path>
            <password>none</password>
            <private-key-password>none</private-key-password>
          </keystore>
          <client-authentication-mode>%s</client-authentication-mode>
        </tls>
        """
        .formatted(certificates.asksClients() ? "REQUIRED" : "NONE");
  }
}
