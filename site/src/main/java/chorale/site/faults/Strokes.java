package chorale.site.faults;

import chorale.protocol.Topics;
import chorale.protocol.bus.BusFactory;
import chorale.site.SiteException;
import java.io.IOException;
import java.util.Optional;

/** The actions that inject and undo faults. Used by one thread. */
final class Strokes implements AutoCloseable {
  private final FaultSite site;
  private final Topics topics;
  private final History history;
  private final Optional<Replayer> replayer;

  /** An action that ends a fault. */
  interface Undo {
    void run() throws IOException, SiteException, InterruptedException;
  }

  Strokes(FaultSite site, Topics topics, History history, FaultPlan plan, BusFactory buses) {
    this.site = site;
    this.topics = topics;
    this.history = history;
    this.replayer =
        plan.faults().containsKey(FaultKind.REPLAY)
            ? Optional.of(new Replayer(topics, buses, plan.seed()))
            : Optional.empty();
  }

  /** Runs one turn. */
  void step() {
    replayer.ifPresent(each -> each.step(System.nanoTime()));
  }

  /**
   * Starts a fault.
   *
   * @param victim a service or the broker
   */
  Undo begin(Fault fault, String victim) throws IOException {
    return switch (fault.kind()) {
      case KILL, WORKER, BROKER_KILL -> {
        site.kill(victim);
        yield () -> site.restart(victim);
      }
      case LEAVE -> {
        site.terminate(victim);
        yield () -> site.restart(victim);
      }
      case STOP, BROKER_STOP -> {
        site.halt(victim);
        yield () -> site.resume(victim);
      }
      case SLOW -> {
        site.slow(victim);
        yield () -> site.resume(victim);
      }
      case CUT, DELAY, DROP, TRICKLE -> {
        Link link = site.link(victim);
        begin(fault, link);
        yield link::restore;
      }
      case REPLAY -> {
        replayer.orElseThrow().start();
        yield replayer.orElseThrow()::stop;
      }
      case RECONNECT -> {
        Crowd crowd = Crowd.start(topics, site.port());
        yield () -> end(crowd);
      }
    };
  }

  private static void begin(Fault fault, Link link) {
    switch (fault.kind()) {
      case DELAY -> link.delay(fault.delay());
      case DROP -> link.drop();
      case TRICKLE -> link.trickle(fault.bytesPerSecond());
      default -> {
        if (fault.stalls()) {
          link.stall();
        } else {
          link.cut();
        }
      }
    }
  }

  private void end(Crowd crowd) {
    crowd.close();
    history.rounds.addAll(crowd.rounds());
    if (crowd.refused() > 0) {
      history.note(
          Violation.Kind.STUCK,
          "reconnect",
          "clients were refused, or not answered for 10 s, in %d of %d rounds"
              .formatted(crowd.refused(), crowd.refused() + crowd.rounds().size()));
    }
  }

  @Override
  public void close() {
    replayer.ifPresent(Replayer::close);
  }
}
