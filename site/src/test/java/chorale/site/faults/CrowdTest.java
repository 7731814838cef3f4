package chorale.site.faults;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Topics;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class CrowdTest {
  private static final byte[] ACCEPTED = {0x20, 2, 0, 0, (byte) 0x90, 3, 0, 1, 1};
  private static final byte[] REFUSED = {0x20, 2, 0, 5, (byte) 0x90, 3, 0, 1, 1};

  private final ServerSocket server;
  private final Queue<String> connects = new ConcurrentLinkedQueue<>();
  private final Queue<Socket> open = new ConcurrentLinkedQueue<>();

  CrowdTest() throws IOException {
    server = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    for (Socket each : open) {
      each.close();
    }
  }

  /** Starts a broker that sends each client the same answer. */
  private void answer(byte[] answer) {
    Thread thread =
        new Thread(
            () -> {
              while (!server.isClosed()) {
                try {
                  Socket client = server.accept();
                  open.add(client); // an early close would reset it before the client reads
                  DataInputStream in = new DataInputStream(client.getInputStream());
                  in.readByte();
                  byte[] connect = new byte[in.readUnsignedByte()];
                  in.readFully(connect);
                  connects.add(new String(connect, StandardCharsets.US_ASCII));
                  client.getOutputStream().write(answer);
                } catch (IOException e) {
                  // Closed at one of the ends.
                }
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  @Test
  void crowd_untilClosed_reconnectsEveryRound() {
    answer(ACCEPTED);
    Crowd crowd = Crowd.start(new Topics("torture"), server.getLocalPort());
    await().atMost(Duration.ofMinutes(1)).until(() -> connects.size() >= 2 * Crowd.CLIENTS);
    crowd.close();
    assertTrue(crowd.rounds().size() >= 2, crowd.rounds()::toString);
    assertEquals(0, crowd.refused());
    Set<String> different = new TreeSet<>(connects);
    assertEquals(Crowd.CLIENTS, different.size());
    assertTrue(
        different.iterator().next().contains("chorale/torture/camera/crowd-000/availability"),
        different.iterator().next());
  }

  @Test
  void crowd_refused_isCounted() {
    answer(REFUSED);
    Crowd crowd = Crowd.start(new Topics("torture"), server.getLocalPort());
    await().atMost(Duration.ofMinutes(1)).until(() -> connects.size() > Crowd.CLIENTS);
    crowd.close();
    assertEquals(0, crowd.rounds().size());
    assertTrue(crowd.refused() >= 1);
  }
}
