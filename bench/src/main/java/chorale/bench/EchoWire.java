package chorale.bench;

import chorale.evaluation.measurement.MeasurementException;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * A baseline without MQTT: an echo server that returns each complete message, over plain sockets
 * without Nagle's algorithm.
 */
final class EchoWire implements Wire {
  private final Socket client;
  private final Socket served;
  private final byte[] payload;

  EchoWire(int payloadBytes) throws IOException {
    payload = new byte[payloadBytes];
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      client = new Socket(server.getInetAddress(), server.getLocalPort());
      served = server.accept();
    }
    client.setTcpNoDelay(true);
    served.setTcpNoDelay(true);
    Thread echo = new Thread(() -> echo(served, payloadBytes), "echo");
    echo.setDaemon(true);
    echo.start();
  }

  private static void echo(Socket socket, int payloadBytes) {
    byte[] message = new byte[payloadBytes];
    try (socket) {
      InputStream in = socket.getInputStream();
      while (in.readNBytes(message, 0, payloadBytes) == payloadBytes) {
        socket.getOutputStream().write(message);
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  @Override
  public void cross() throws MeasurementException {
    try {
      client.getOutputStream().write(payload);
      new DataInputStream(client.getInputStream()).readFully(payload);
    } catch (IOException e) {
      throw new MeasurementException("echo over a socket: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() throws IOException {
    client.close();
    served.close();
  }
}
