package chorale.bench;

import chorale.protocol.Bytes;
import chorale.protocol.Message;
import chorale.protocol.MessageProperties;
import chorale.protocol.Qos;
import chorale.protocol.Topics;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Session;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * A source of hostile traffic: a client that publishes random messages, some retained, on all kinds
 * of topics of a site, and clients that subscribe to everything and never read. Publishes on its
 * own thread until it is closed.
 */
final class Garbage implements AutoCloseable {
  static final int RATE = 500;

  private static final int NAMES = 10_000;
  private static final int RETAINED_BYTES = 100_000;
  private static final int UNREAD_CLIENTS = 3;

  private final Topics topics;
  private final List<String> workers;
  private final Bus bus;
  private final ResourceStack unread = new ResourceStack();
  private final SplittableRandom random = new SplittableRandom(1);
  private final Thread thread = new Thread(this::publish, "garbage");
  private volatile boolean ended;

  /**
   * @param workers names of real workers, whose topics are also used
   */
  Garbage(Topics topics, List<String> workers, BusFactory buses, URI broker) throws IOException {
    this.topics = topics;
    this.workers = List.copyOf(workers);
    this.bus =
        buses.open(Session.of("garbage-" + topics.site(), List.of()), new Inbox(1_000, 64L << 20));
    for (int i = 0; i < UNREAD_CLIENTS; i++) {
      unread.add(unread("unread-" + i, broker));
    }
    thread.setDaemon(true);
    thread.start();
  }

  /** Connects with MQTT 3.1.1 and subscribes to everything at QoS 1, without ever reading. */
  private static Socket unread(String id, URI broker) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(8 * 1024);
    socket.connect(new InetSocketAddress(broker.getHost(), broker.getPort()));
    byte[] name = id.getBytes(StandardCharsets.US_ASCII);
    byte[] connect = {0x10, (byte) (12 + name.length), 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0};
    socket.getOutputStream().write(connect);
    socket.getOutputStream().write(name.length);
    socket.getOutputStream().write(name);
    socket.getOutputStream().write(new byte[] {(byte) 0x82, 6, 0, 1, 0, 1, '#', 1});
    return socket;
  }

  private void publish() {
    long due = System.nanoTime();
    while (!ended) {
      long left = due - System.nanoTime();
      if (left > 0) {
        LockSupport.parkNanos(left);
      } else {
        var unused = bus.publish(message());
        due = Math.max(due + 1_000_000_000L / RATE, System.nanoTime() - 100_000_000L);
      }
    }
  }

  private Message message() {
    boolean retained = random.nextInt(10) == 0;
    byte[] payload = new byte[1 + random.nextInt(retained ? RETAINED_BYTES : 2_000)];
    random.nextBytes(payload);
    MessageProperties properties =
        random.nextBoolean()
            ? MessageProperties.NONE
            : MessageProperties.NONE
                .withCorrelation(Optional.of(Bytes.wrap(payload)))
                .withUser("deadline-ms", String.valueOf(random.nextInt()));
    return new Message(topic(), Bytes.wrap(payload), Qos.AT_LEAST_ONCE, retained, properties);
  }

  private String topic() {
    String name = "n" + random.nextInt(NAMES);
    String worker = workers.get(random.nextInt(workers.size()));
    String root = Topics.ROOT + '/' + topics.site() + '/';
    return switch (random.nextInt(10)) {
      case 0 -> topics.image(name);
      case 1 -> topics.reply(name, "V1", worker);
      case 2 -> topics.reply("good", name, name);
      case 3 -> topics.result(name);
      case 4 -> topics.tensor(name, 2);
      case 5 -> root + "worker/" + name + "/info";
      case 6 -> root + "worker/" + worker + "/info";
      case 7 -> root + "aggregator/" + name + "/info";
      case 8 -> root + "worker/" + worker + "/availability";
      default -> name + '/' + name;
    };
  }

  @Override
  public void close() {
    ended = true;
    unread.close();
    bus.close();
  }
}
