package chorale.site;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * A TCP port that nothing listens on. Another process can take it before its user does, so bind it
 * soon. Stateless.
 */
public final class FreePort {
  private FreePort() {}

  /** A free port of the loopback interface. */
  public static int find() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
