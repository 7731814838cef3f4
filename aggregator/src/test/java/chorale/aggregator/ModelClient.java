package chorale.aggregator;

import static chorale.aggregator.VirtualTime.MILLI;
import static chorale.aggregator.VirtualTime.SECOND;

import chorale.protocol.Message;
import chorale.protocol.Qos;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.PublishException;
import chorale.protocol.bus.Session;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A client of the {@link ModelBroker}. It connects, announces itself and resends like the real bus,
 * and simulates faults: cuts, half-open connections, a stopped or killed process. Keep-alive is 5
 * s: a broker drops a silent client after 7.5 s.
 */
final class ModelClient implements Bus {
  private final World world;
  private final Session session;
  private final Inbox inbox;
  private final Consumer<BusEvent> arrived;

  /** Shut while the process is stopped, because its threads read nothing. */
  private final Gate process;

  /** Unacknowledged messages of QoS 1, in order. */
  private final ArrayDeque<Outgoing> outbox = new ArrayDeque<>();

  private ModelConnection current;
  private boolean ready;
  private boolean over;
  private boolean networkDown;

  /** The environment of a client. */
  record World(ModelBroker broker, VirtualTime time, Chance chance, EventLog log) {}

  private record Outgoing(Message message, long sinceNanos, CompletableFuture<Void> done) {
    boolean isExpired(long now) {
      var expiry = message.properties().expirySeconds();
      return expiry.isPresent() && now - sinceNanos >= expiry.getAsInt() * SECOND;
    }
  }

  ModelClient(World world, Session session, Inbox inbox, Consumer<BusEvent> arrived) {
    this.world = world;
    this.session = session;
    this.inbox = inbox;
    this.arrived = arrived;
    this.process = new Gate(world.time());
  }

  Session session() {
    return session;
  }

  private long soon() {
    return world.chance().between(0, 5 * MILLI);
  }

  // ---- connecting: the steps of PahoBus, some milliseconds apart

  void connect() {
    if (over || current != null) {
      return;
    }
    if (networkDown) {
      connectAfter(SECOND / 2);
      return;
    }
    ModelConnection connection = new ModelConnection(this, world.time(), world.chance());
    current = connection;
    List<Runnable> steps = new ArrayList<>();
    steps.add(
        () -> {
          world.broker().connect(connection);
          offer(new BusEvent.Connected());
        });
    steps.add(() -> world.broker().subscribe(connection));
    for (Message birth : session.births()) {
      steps.add(() -> world.broker().publish(session.clientId(), birth));
    }
    steps.add(
        () -> {
          ready = true;
          offer(new BusEvent.Subscribed());
          resend();
        });
    step(connection, steps, 0);
  }

  private void step(ModelConnection connection, List<Runnable> steps, int next) {
    if (next < steps.size()) {
      at(
          connection,
          soon(),
          () -> {
            steps.get(next).run();
            step(connection, steps, next + 1);
          });
    }
  }

  /** Runs on the client's threads if the connection is still the current one. */
  private void at(ModelConnection connection, long delay, Runnable action) {
    world
        .time()
        .after(
            delay,
            () ->
                connection.down.pass(
                    () ->
                        process.pass(
                            () -> {
                              if (connection == current && !over) {
                                action.run();
                              }
                            })));
  }

  private void connectAfter(long delay) {
    world.time().after(delay, () -> process.pass(this::connect));
  }

  private void resend() {
    outbox.removeIf(
        each -> {
          boolean expired = each.isExpired(world.time().nanos());
          if (expired) {
            each.done().completeExceptionally(new PublishException("expired"));
          }
          return expired;
        });
    List.copyOf(outbox).forEach(this::send);
  }

  // ---- the bus

  @Override
  public CompletionStage<Void> publish(Message message) {
    Outgoing outgoing = new Outgoing(message, world.time().nanos(), new CompletableFuture<>());
    if (over || (message.qos() == Qos.AT_MOST_ONCE && !ready)) {
      outgoing.done().completeExceptionally(new PublishException("not connected"));
      return outgoing.done();
    }
    if (message.qos() == Qos.AT_LEAST_ONCE) {
      outbox.add(outgoing);
    }
    if (ready) {
      send(outgoing);
    }
    return outgoing.done();
  }

  private void send(Outgoing outgoing) {
    ModelConnection connection = current;
    connection.send(
        () -> {
          if (world.broker().holds(connection)) {
            world.broker().publish(session.clientId(), outgoing.message());
            connection.answer(() -> process.pass(() -> taken(outgoing)));
          }
        });
  }

  private void taken(Outgoing outgoing) {
    outbox.remove(outgoing);
    outgoing.done().complete(null);
  }

  /** Drops the waiting messages; with a connection, none waits. */
  @Override
  public void discardWaiting() {
    if (!ready) {
      List.copyOf(outbox)
          .forEach(
              each -> {
                outbox.remove(each);
                each.done().completeExceptionally(new PublishException("discarded"));
              });
    }
  }

  @Override
  public boolean isConnected() {
    return ready;
  }

  /** Publishes the last status, then ends the session without a last will. */
  @Override
  public void close() {
    ModelConnection connection = current;
    if (ready) {
      session.will().ifPresent(this::publish);
      connection.send(() -> world.broker().end(connection));
    } else if (connection != null) {
      world.broker().lose(connection);
    }
    over = true;
  }

  /** A message reaches the process. */
  void deliver(ModelConnection connection, Message message) {
    process.pass(
        () -> {
          if (connection == current) {
            offer(new BusEvent.Delivered(message, world.time().nanos()));
          }
        });
  }

  private void offer(BusEvent event) {
    if (!over) {
      inbox.offer(event);
      arrived.accept(event);
    }
  }

  /** The client notices that a connection is lost. */
  private void lost(ModelConnection connection, String reason) {
    process.pass(
        () -> {
          if (connection == current && !over) {
            connection.breakDown();
            current = null;
            ready = false;
            offer(new BusEvent.Disconnected(reason));
            connectAfter(world.chance().magnitude(50 * MILLI, 2 * SECOND));
          }
        });
  }

  // ---- faults

  /** Cuts the connection: both sides detect it soon, the broker possibly last. */
  void cut() {
    ModelConnection connection = current;
    if (connection != null) {
      connection.breakDown();
      world.time().after(world.broker().noticeNanos(), () -> world.broker().lose(connection));
      world.time().after(world.chance().between(0, 50 * MILLI), () -> lost(connection, "cut"));
    }
  }

  /**
   * Blocks the network for a while without informing either side. A side that receives nothing for
   * too long closes the connection.
   */
  void halfOpen(long nanos) {
    ModelConnection connection = current;
    networkDown = true;
    if (connection != null) {
      connection.up.shut();
      connection.down.shut();
      long broker = world.chance().between(5 * SECOND, 15 * SECOND / 2);
      long client = world.chance().between(5 * SECOND, 10 * SECOND);
      world.time().after(broker, () -> ifShut(connection, () -> world.broker().lose(connection)));
      world.time().after(client, () -> ifShut(connection, () -> lost(connection, "mute")));
    }
    world.time().after(nanos, () -> heal(connection));
  }

  private static void ifShut(ModelConnection connection, Runnable action) {
    if (connection.up.isShut()) {
      action.run();
    }
  }

  private void heal(ModelConnection connection) {
    networkDown = false;
    if (connection == null) {
      return;
    }
    connection.up.open();
    if (world.broker().holds(connection) || world.chance().oneIn(2)) {
      connection.down.open(); // blocked messages arrive late
    }
    if (!world.broker().holds(connection)) {
      world.time().after(soon(), () -> lost(connection, "reset"));
    } else if (connection != current) {
      world.time().after(world.broker().noticeNanos(), () -> world.broker().lose(connection));
    }
  }

  /**
   * Stops the process. It sends no keep-alive, so that the broker closes the connection.
   *
   * @param nanos time until it continues
   */
  void stop(long nanos) {
    process.shut();
    ModelConnection connection = current;
    long mute = world.chance().between(5 * SECOND / 2, 15 * SECOND / 2);
    if (connection != null && mute < nanos) {
      world.time().after(mute, () -> world.broker().lose(connection));
    }
    world.time().after(nanos, () -> goOn(connection));
  }

  private void goOn(ModelConnection connection) {
    process.open();
    if (connection != null && !world.broker().holds(connection)) {
      world.time().after(soon(), () -> lost(connection, "reset"));
    }
  }

  /** Kills the process; messages in transit may or may not arrive. */
  void kill() {
    over = true;
    process.shut();
    ModelConnection connection = current;
    if (connection != null) {
      if (world.chance().oneIn(2)) {
        connection.up.shut();
      }
      world.time().after(world.broker().noticeNanos(), () -> world.broker().lose(connection));
    }
  }
}
