package chorale.monitoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.config.MetricsSettings;
import chorale.protocol.Bytes;
import chorale.protocol.Health;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests the HTTP port of a service with real requests. */
final class ServiceEndpointTest {
  private static final Bytes TOKEN = Bytes.utf8("a token of sixteen and more");
  private static final String HERE = "Host: localhost\r\n";

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile boolean ready = true;
  private volatile boolean hangs;

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  private final class Told implements ServiceEndpoint.Source {
    @Override
    public Health health() throws TimeoutException {
      if (hangs) {
        throw new TimeoutException();
      }
      return new Health(Instant.EPOCH, 5, new TreeMap<>(Map.of("answered", 3L)));
    }

    @Override
    public boolean isReady() {
      return ready;
    }
  }

  private ServiceEndpoint open() throws IOException {
    MetricsSettings settings =
        new MetricsSettings(
            Optional.of(0), "127.0.0.1", Optional.of(TOKEN), MetricsSettings.OFF.tls());
    return ServiceEndpoint.open(
        settings, 0, threads, new ServiceEndpoint.Subject("home", "worker", "pi-V1"), new Told());
  }

  private static String get(ServiceEndpoint endpoint, String path, String headers)
      throws IOException {
    return send(endpoint, "GET " + path + " HTTP/1.1\r\n" + headers + "Connection: close\r\n\r\n");
  }

  private static String send(ServiceEndpoint endpoint, String request) throws IOException {
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), endpoint.address().getPort())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      var in = new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8);
      return String.join("\n", new BufferedReader(in).lines().toList());
    }
  }

  private static void assertStatus(int status, String answer) {
    assertTrue(answer.startsWith("HTTP/1.1 " + status + ' '), answer);
  }

  @Test
  void metrics_fromThisMachine_areServed() throws IOException {
    try (ServiceEndpoint endpoint = open()) {
      String answer = get(endpoint, "/metrics", HERE);

      assertStatus(200, answer);
      assertTrue(answer.contains("text/plain; version=0.0.4"), answer);
      String labels = "{site=\"home\",worker=\"pi-V1\"}";
      assertTrue(answer.contains("chorale_worker_frames_answered_total" + labels + " 3.0"), answer);
      assertTrue(answer.contains("chorale_worker_up" + labels + " 1.0"), answer);
    }
  }

  @Test
  void metrics_forOthers_needTheToken() throws IOException {
    try (ServiceEndpoint endpoint = open()) {
      for (String headers :
          List.of(
              "Host: rebound.evil.example\r\n",
              "Host: localhost.evil.example\r\n",
              HERE + "X-Forwarded-For: 192.168.1.9\r\n",
              HERE + "Forwarded: for=192.168.1.9\r\n",
              HERE + "X-Forwarded-For: 192.168.1.9\r\nAuthorization: Bearer wrong\r\n")) {
        assertStatus(403, get(endpoint, "/metrics", headers));
      }
      assertStatus(
          200,
          get(
              endpoint,
              "/metrics",
              "Host: pi-1.example\r\nX-Forwarded-For: 192.168.1.9\r\nAuthorization: Bearer "
                  + TOKEN.utf8()
                  + "\r\n"));
    }
  }

  @Test
  void probes_reportLivenessAndReadiness() throws IOException {
    try (ServiceEndpoint endpoint = open()) {
      assertStatus(200, get(endpoint, "/livez", HERE));
      assertStatus(200, get(endpoint, "/readyz", HERE));
      ready = false;
      assertStatus(200, get(endpoint, "/livez", HERE));
      assertStatus(503, get(endpoint, "/readyz", HERE));
      assertTrue(
          get(endpoint, "/metrics", HERE)
              .contains("chorale_worker_up{site=\"home\",worker=\"pi-V1\"} 0.0"));
      hangs = true;
      assertStatus(503, get(endpoint, "/livez", HERE));
      assertStatus(503, get(endpoint, "/metrics", HERE));
    }
  }

  @Test
  void otherPathsAndMethods_areRefused() throws IOException {
    try (ServiceEndpoint endpoint = open()) {
      assertStatus(404, get(endpoint, "/", HERE));
      String unknown = get(endpoint, "/metrics/../livez%0Ax", HERE);
      assertStatus(404, unknown);
      assertTrue(
          unknown.endsWith(
              "unknown path '/metrics/../livez?x'; allowed: /metrics, /livez, /readyz"),
          unknown);
      String post =
          send(
              endpoint,
              "POST /metrics HTTP/1.1\r\n"
                  + HERE
                  + "Content-Length: 0\r\nConnection: close\r\n\r\n");
      assertStatus(405, post);
      assertTrue(post.endsWith("method 'POST' is not supported; allowed: GET, HEAD"), post);
    }
  }

  @Test
  void portInUse_isNamedWithItsKey() throws IOException {
    try (ServerSocket taken = new ServerSocket()) {
      taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      ServiceEndpoint.Subject subject = new ServiceEndpoint.Subject("home", "worker", "pi-V1");
      IOException refused =
          assertThrows(
              IOException.class,
              () ->
                  ServiceEndpoint.open(
                      MetricsSettings.OFF, taken.getLocalPort(), threads, subject, new Told()));

      assertTrue(refused.getMessage().startsWith("metrics.port: "), refused.getMessage());
      assertTrue(refused.getMessage().contains(":" + taken.getLocalPort()), refused.getMessage());
    }
  }

  /** Each slow client blocks the thread that reads its request, until the server closes it. */
  @Test
  void slowClients_doNotBlockOthers() throws IOException {
    List<Socket> slow = new ArrayList<>();
    try (ServiceEndpoint endpoint = open()) {
      for (int i = 0; i < 60; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), endpoint.address().getPort());
        slow.add(socket);
        socket.getOutputStream().write("GET /livez HT".getBytes(StandardCharsets.US_ASCII));
      }

      assertStatus(200, get(endpoint, "/livez", HERE));

      for (Socket each : slow) {
        each.setSoTimeout(1);
        assertThrows(
            SocketTimeoutException.class,
            () -> each.getInputStream().read(),
            "the connection is still open");
      }
    } finally {
      for (Socket each : slow) {
        each.close();
      }
    }
  }

  @Test
  void question_isAnsweredInTheOwnersTurn() throws Exception {
    List<String> wakes = new ArrayList<>();
    Question<Integer> question = new Question<>(() -> 42, () -> wakes.add("woken"));
    var asked = threads.submit(question::ask);
    while (!asked.isDone()) {
      question.turn();
      Thread.onSpinWait();
    }

    assertEquals(42, asked.get());
    assertEquals(List.of("woken"), wakes);
  }
}
