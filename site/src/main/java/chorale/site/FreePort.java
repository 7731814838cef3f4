package chorale.site;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * A finder of unused TCP ports. Another process can take the port first, so bind it soon.
 * Stateless.
 */
public final class FreePort {
  private FreePort() {}

  /** Returns a free port of the loopback interface. */
  public static int find() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
