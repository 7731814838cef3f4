package chorale.site.faults;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
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
  void stall_bytes_arriveAfterRestore() throws IOException {
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
  void cut_currentAndNewConnections_areClosedUntilRestored() throws IOException {
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

  @Test
  void delay_bytes_arriveLaterInOrder() throws IOException {
    link.delay(Duration.ofMillis(300));
    long sent = System.nanoTime();
    client.getOutputStream().write(new byte[] {1, 2});
    assertEquals(1, broker.getInputStream().read());
    assertTrue(System.nanoTime() - sent >= 300_000_000);
    link.restore();
    client.getOutputStream().write(3);
    assertEquals(2, broker.getInputStream().read());
    assertEquals(3, broker.getInputStream().read());
  }

  @Test
  void drop_bytes_vanishAndTheConnectionEndsOnRestore() throws IOException {
    assertCarries(client, broker, 1);
    link.drop();
    client.getOutputStream().write(2);
    broker.setSoTimeout(200);
    assertThrows(SocketTimeoutException.class, () -> broker.getInputStream().read());
    link.restore();
    broker.setSoTimeout(10_000);
    assertEquals(-1, broker.getInputStream().read());
    assertEquals(-1, client.getInputStream().read());
    try (Socket again = connect();
        Socket accepted = server.accept()) {
      assertCarries(again, accepted, 5);
    }
  }

  @Test
  void trickle_bytes_arriveAtTheRate() throws IOException {
    link.trickle(4_000);
    byte[] bytes = new byte[2_000];
    bytes[1_999] = 7;
    long sent = System.nanoTime();
    client.getOutputStream().write(bytes);
    byte[] read = broker.getInputStream().readNBytes(2_000);
    assertTrue(System.nanoTime() - sent >= 400_000_000); // the last of 10 pieces follows 9 waits
    assertArrayEquals(bytes, read);
    link.restore();
    assertCarries(client, broker, 1);
  }

  @Test
  void close_whileStalled_endsConnections() throws IOException {
    link.stall();
    client.getOutputStream().write(new byte[1_000]);
    link.close();
    assertEquals(-1, client.getInputStream().read());
  }
}
