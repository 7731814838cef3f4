package chorale.evaluation.measurement;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class EmulatedLinksTest {
  private ServerSocket server;
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    open.add(server);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private EmulatedLinks links(EmulatedLinks.Kind kind) {
    EmulatedLinks links =
        new EmulatedLinks(kind, URI.create("mqtt://127.0.0.1:" + server.getLocalPort()));
    open.add(links);
    return links;
  }

  private Socket connect(URI board) throws IOException {
    Socket socket = new Socket(board.getHost(), board.getPort());
    open.add(socket);
    return socket;
  }

  private Socket accept() throws IOException {
    Socket socket = server.accept();
    open.add(socket);
    return socket;
  }

  @Test
  void board_bytes_arriveCompleteInBothDirectionsNotTooFast() throws Exception {
    Socket board = connect(links(EmulatedLinks.Kind.WIFI).board());
    Socket broker = accept();
    byte[] sent = new byte[100_000];
    for (int i = 0; i < sent.length; i++) {
      sent[i] = (byte) (31 * i);
    }
    long begun = System.nanoTime();
    board.getOutputStream().write(sent);
    assertArrayEquals(sent, broker.getInputStream().readNBytes(sent.length));
    long oneWay = System.nanoTime() - begun;
    broker.getOutputStream().write(sent);
    assertArrayEquals(sent, board.getInputStream().readNBytes(sent.length));
    long both = System.nanoTime() - begun;

    // Minimum: 100,000 bytes at 20 Mbit/s take 40 ms, plus a delay of 2 ms.
    assertTrue(oneWay >= 42_000_000L, oneWay + " ns");
    assertTrue(both >= 84_000_000L, both + " ns");
  }

  @Test
  void board_reset_closesTheOtherSide() throws Exception {
    Socket board = connect(links(EmulatedLinks.Kind.LAN).board());
    Socket broker = accept();
    board.setSoLinger(true, 0); // a reset, as from a killed process with unread data
    board.close();
    broker.setSoTimeout(10_000);
    assertEquals(-1, broker.getInputStream().read());
  }

  @Test
  void board_closed_closesTheOtherSide() throws Exception {
    Socket board = connect(links(EmulatedLinks.Kind.LAN).board());
    Socket broker = accept();
    board.close();
    assertEquals(-1, broker.getInputStream().read());
  }

  @Test
  void medium_packets_passInSequence() {
    Medium medium = new Medium(8); // 1 byte per microsecond
    long first = medium.carry(1_000);
    assertEquals(2_000_000, medium.carry(2_000) - first);
    assertTrue(medium.carry(1) - first >= 2_001_000);
  }
}
