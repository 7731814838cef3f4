package chorale.aggregator;

import static chorale.aggregator.VirtualTime.MILLI;

import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.Service;
import chorale.protocol.bus.ServiceEndedException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A process that runs one service: it runs a turn soon after an arrival and when the service has
 * requested one, like its main loop. It can be stopped, killed, shut down, and started again.
 */
final class Host {
  private static final long LONGEST_TURN_DELAY = 2 * MILLI;
  private static final long LEAVING_TURN = 20 * MILLI;
  private static final int SLOW_ONE_IN = 100;

  private final String name;
  private final ModelClient.World world;
  private final Function<BusFactory, Service> starter;
  private final BiConsumer<Host, BusEvent> heard;
  private final Consumer<Service> ended;

  private Service service;
  private ModelClient client;
  private boolean up;
  private boolean stopped;
  private boolean leaving;

  /** When the next turn is due; the number distinguishes it from the turns that it replaced. */
  private long dueNanos;

  private long turns;
  private long busyUntilNanos;

  /**
   * @param heard called for each event that its bus adds to its inbox
   * @param ended called for each run that has ended
   */
  Host(
      String name,
      ModelClient.World world,
      Function<BusFactory, Service> starter,
      BiConsumer<Host, BusEvent> heard,
      Consumer<Service> ended) {
    this.name = name;
    this.world = world;
    this.starter = starter;
    this.heard = heard;
    this.ended = ended;
  }

  String name() {
    return name;
  }

  ModelClient client() {
    return client;
  }

  boolean isUp() {
    return up;
  }

  /** Returns whether it can get a fault now. */
  boolean isSound() {
    return up && !stopped && !leaving;
  }

  void start() {
    log("starts");
    up = true;
    stopped = false;
    leaving = false;
    busyUntilNanos = world.time().nanos();
    service =
        starter.apply(
            (session, inbox) -> {
              client =
                  world
                      .broker()
                      .open(session, inbox, event -> arrived(event, world.time().nanos()));
              return client;
            });
    turnAt(world.time().nanos());
  }

  private void arrived(BusEvent event, long now) {
    log(() -> "hears " + text(event));
    heard.accept(this, event);
    long delay = world.chance().between(0, LONGEST_TURN_DELAY);
    long due = now + (world.chance().oneIn(SLOW_ONE_IN) ? 10 * delay : delay);
    if (turns == 0 || due - dueNanos < 0) {
      turnAt(due);
    }
  }

  private void turnAt(long nanos) {
    dueNanos = nanos - busyUntilNanos < 0 ? busyUntilNanos : nanos;
    long number = ++turns;
    world.time().at(dueNanos, () -> turn(number));
  }

  private void turn(long number) {
    if (!up || stopped || number != turns) {
      return;
    }
    try {
      long next = service.runOnce();
      busyUntilNanos = world.time().nanos();
      if (leaving && service.hasLeft()) {
        log("has left");
        end();
        return;
      }
      long wait = leaving ? Math.min(next, LEAVING_TURN) : next;
      turnAt(busyUntilNanos + wait + world.chance().between(0, MILLI));
    } catch (ServiceEndedException e) {
      log(() -> "ends: " + e.getMessage());
      end();
    }
  }

  private void end() {
    up = false;
    service.close();
    ended.accept(service);
  }

  /** SIGSTOP, and SIGCONT some time later. */
  void stop(long nanos) {
    log(() -> "is stopped for %.1f ms".formatted(nanos / (double) MILLI));
    stopped = true;
    client.stop(nanos);
    ModelClient of = client;
    world
        .time()
        .after(
            nanos,
            () -> {
              if (client == of && up) {
                log("goes on");
                stopped = false;
                turnAt(world.time().nanos() + world.chance().between(0, MILLI));
              }
            });
  }

  /** SIGKILL. */
  void kill() {
    log("is killed");
    up = false;
    client.kill();
    ended.accept(service);
  }

  /** An orderly stop. */
  void leave() {
    log("leaves");
    leaving = true;
    service.leave();
    turnAt(world.time().nanos());
  }

  private void log(String what) {
    log(() -> what);
  }

  private void log(Supplier<String> what) {
    world.log().add(name, what);
  }

  private static String text(BusEvent event) {
    return event instanceof BusEvent.Delivered delivered
        ? EventLog.describe(delivered.message())
        : event.toString();
  }
}
