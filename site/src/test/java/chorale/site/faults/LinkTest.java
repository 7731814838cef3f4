package chorale.site.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LinkTest {
  private ServerSocket server;
  private Link link;
  private Socket client;
  private Socket broker;

  @BeforeEach
  void open() throws IOException {
    server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    link = new Link(server.getLocalPort());
    client = connect();
    broker = server.accept();
  }

  private Socket connect() throws IOException {
    return new Socket(link.uri().getHost(), link.uri().getPort());
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    broker.close();
    link.close();
    server.close();
  }

  private static void assertCarries(Socket from, Socket to, int value) throws IOException {
    from.getOutputStream().write(value);
    assertEquals(value, to.getInputStream().read());
  }

  @Test
  void link_whole_carriesBothWaysAndTheEnd() throws IOException {
    assertCarries(client, broker, 1);
    assertCarries(broker, client, 2);
    client.close();
    assertEquals(-1, broker.getInputStream().read());
  }

  @Test
  void stall_bytes_comeOnceItIsRestored() throws IOException {
    assertCarries(client, broker, 1);
    link.stall();
    client.getOutputStream().write(3);
    broker.setSoTimeout(200);
    assertThrows(SocketTimeoutException.class, () -> broker.getInputStream().read());
    link.restore();
    broker.setSoTimeout(10_000);
    assertEquals(3, broker.getInputStream().read());
    assertCarries(broker, client, 4);
  }

  @Test
  void cut_bothEnds_areClosedAndSoAreNewOnesUntilRestored() throws IOException {
    assertCarries(client, broker, 1);
    link.cut();
    assertEquals(-1, client.getInputStream().read());
    assertEquals(-1, broker.getInputStream().read());
    try (Socket again = connect()) {
      assertEquals(-1, again.getInputStream().read());
    }
    link.restore();
    try (Socket again = connect();
        Socket accepted = server.accept()) {
      assertCarries(again, accepted, 5);
    }
  }

  @Test
  void broker_closes_clientIsClosed() throws IOException {
    broker.close();
    assertEquals(-1, client.getInputStream().read());
  }
}
