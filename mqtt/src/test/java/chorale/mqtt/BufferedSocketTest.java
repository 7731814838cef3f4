package chorale.mqtt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BufferedSocketTest {
  private final BufferedSocket socket = new BufferedSocket();
  private Socket other;

  @BeforeEach
  void connect() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      socket.connect(server.getLocalSocketAddress());
      other = server.accept();
    }
  }

  @AfterEach
  void close() throws IOException {
    socket.close();
    other.close();
  }

  @Test
  void write_inPieces_leavesAsOneAtTheFlush() throws IOException {
    byte[] piece = new byte[8192];
    Arrays.fill(piece, (byte) 7);
    OutputStream out = socket.getOutputStream();
    out.write(piece);
    out.write(piece);
    // Nothing has left: what comes first at the other side is what it says itself.
    other.getOutputStream().write(1);
    assertEquals(1, socket.getInputStream().read());
    assertEquals(0, other.getInputStream().available());
    out.flush();
    byte[] got = other.getInputStream().readNBytes(2 * piece.length);
    assertArrayEquals(piece, Arrays.copyOf(got, piece.length));
    assertEquals(2 * piece.length, got.length);
  }

  @Test
  void read_firstByte_bringsTheRestAlong() throws IOException {
    other.getOutputStream().write(new byte[] {1, 2, 3});
    InputStream in = socket.getInputStream();
    assertEquals(1, in.read());
    other.close();
    socket.shutdownInput();
    assertArrayEquals(new byte[] {2, 3}, in.readAllBytes());
    assertTrue(in.read() < 0);
  }
}
