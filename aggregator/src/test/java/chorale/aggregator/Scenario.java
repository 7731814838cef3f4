package chorale.aggregator;

import static chorale.aggregator.VirtualTime.MILLI;
import static chorale.aggregator.VirtualTime.SECOND;

import chorale.aggregator.History.Frame;
import chorale.aggregator.History.Trouble;
import chorale.aggregator.History.Trouble.Kind;
import chorale.protocol.Bytes;
import chorale.protocol.Message;
import chorale.protocol.MessageProperties;
import chorale.protocol.Qos;
import chorale.protocol.RequestKey;
import chorale.protocol.RequestRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The schedule of a {@link ModelSite}, determined by a seed: starts of processes, frames of
 * cameras, and faults. Everything is scheduled at the beginning; {@link #nanos} returns the
 * duration.
 */
final class Scenario {
  /** The same image is published again early enough to join its window, or too late for it. */
  static final long NEW_REQUEST_NANOS = 2 * SECOND;

  /** Time to reconnect and join after a fault. */
  static final long RECOVERY_NANOS = 4 * SECOND;

  static final List<String> CAMERAS = List.of("gate", "yard", "hall", "roof");
  private static final List<Integer> BUDGETS = List.of(100, 200, 400, 400, 800);
  private static final long LONGEST_STOP = 30 * SECOND;
  private static final long NEVER = 1_000 * SECOND;

  private final ModelSite site;
  private final Chance chance;
  private final long framesUntil;
  private long end;
  private int images;

  Scenario(ModelSite site, Chance chance) {
    this.site = site;
    this.chance = chance;
    this.framesUntil = chance.between(4 * SECOND, 8 * SECOND);
    this.end = framesUntil;
  }

  /** Schedules everything. */
  void begin(List<String> aggregators) {
    boolean joins = chance.oneIn(2);
    for (String name : aggregators) {
      Host host = site.aggregator(name);
      boolean late = joins && site.aggregators.size() > 1 && chance.oneIn(2);
      long when =
          late ? chance.between(SECOND, framesUntil - SECOND) : chance.between(0, 200 * MILLI);
      site.time.after(when, () -> start(host));
    }
    int workers = 2 + chance.below(2);
    for (int i = 0; i < workers; i++) {
      site.time.after(chance.between(0, 100 * MILLI), site.worker(i)::start);
    }
    long busy = chance.oneIn(10) ? 6 : 1;
    for (String camera : CAMERAS) {
      long period = chance.magnitude(150 * MILLI / busy, 1500 * MILLI / busy);
      site.time.after(chance.between(300 * MILLI, 2 * SECOND), () -> shoot(camera, period));
    }
    int faults = chance.below(4);
    for (int i = 0; i < faults; i++) {
      long when = chance.between(SECOND, framesUntil);
      if (chance.oneIn(site.tiers.isPresent() ? 2 : 6)) {
        Host worker = chance.of(site.workers);
        site.time.after(when, () -> disturbWorker(worker));
      } else {
        Host aggregator = chance.of(site.aggregators);
        site.time.after(when, () -> disturb(aggregator));
      }
    }
  }

  /** Returns the duration, as far as it is known now. */
  long nanos() {
    long sinceLast = site.time.nanos() - site.history.lastPublished;
    return Math.max(end, site.time.elapsedNanos() - sinceLast) + RECOVERY_NANOS;
  }

  // ---- cameras

  private void shoot(String camera, long period) {
    Bytes image = site.image(camera + " " + ++images);
    int budget = chance.of(BUDGETS);
    boolean retry = chance.oneIn(3);
    MessageProperties properties =
        MessageProperties.NONE.withUser(RequestRules.DEADLINE_MS, String.valueOf(budget));
    if (retry) {
      properties = properties.withCorrelation(Optional.of(Bytes.utf8("id " + images)));
    }
    // A frame without correlation data would be two requests if it were delivered twice.
    Qos qos = retry ? Qos.AT_LEAST_ONCE : Qos.AT_MOST_ONCE;
    Message message = new Message(Rig.TOPICS.image(camera), image, qos, false, properties);
    Frame frame = new Frame(key(camera, message), camera, image, budget, retry, new ArrayList<>());
    site.publish(frame, message);
    if (retry && chance.oneIn(3)) {
      site.time.after(chance.magnitude(MILLI, 3 * SECOND / 2), () -> site.publish(frame, message));
    } else if (!retry && chance.oneIn(8)) {
      long later = chance.oneIn(2) ? chance.between(0, 50 * MILLI) : 3 * SECOND;
      site.time.after(later, () -> site.publish(frame, message));
    }
    long now = site.time.elapsedNanos();
    if (now < end) {
      long pause = now < framesUntil ? chance.between(period / 2, period) : 2 * SECOND;
      site.time.after(pause, () -> shoot(camera, period));
    }
  }

  static RequestKey key(String camera, Message frame) {
    return RequestKey.of(camera, frame.properties().correlation(), frame.payload());
  }

  // ---- faults

  private void disturb(Host host) {
    if (!host.isSound()) {
      return;
    }
    switch (chance.of(Kind.FAULTS)) {
      case KILLED -> {
        host.kill();
        startAgain(host, Kind.KILLED);
      }
      case LEFT -> {
        host.leave();
        startAgain(host, Kind.LEFT);
      }
      case CUT -> {
        host.client().cut();
        trouble(host, Kind.CUT, 2 * SECOND);
      }
      case HALF_OPEN -> {
        long nanos = chance.magnitude(100 * MILLI, 15 * SECOND);
        host.client().halfOpen(nanos);
        trouble(host, Kind.HALF_OPEN, nanos);
      }
      default -> {
        long nanos = chance.magnitude(100 * MILLI, LONGEST_STOP);
        host.stop(nanos);
        trouble(host, Kind.STOPPED, nanos);
      }
    }
  }

  private void startAgain(Host host, Kind kind) {
    if (chance.oneIn(3)) {
      trouble(host, kind, NEVER);
    } else {
      long after = chance.magnitude(200 * MILLI, 5 * SECOND);
      trouble(host, kind, after);
      site.time.after(after, () -> startWhenDown(host));
    }
  }

  private void startWhenDown(Host host) {
    if (host.isUp()) {
      site.time.after(SECOND, () -> startWhenDown(host));
    } else {
      start(host);
    }
  }

  private void start(Host host) {
    host.start();
    trouble(host, Kind.STARTED, 0);
  }

  private void trouble(Host host, Kind kind, long nanos) {
    long now = site.time.nanos();
    site.history.troubles.add(new Trouble(host.name(), kind, now, now + nanos));
    if (nanos < NEVER) {
      end = Math.max(end, site.time.elapsedNanos() + nanos + RECOVERY_NANOS);
    }
  }

  private void disturbWorker(Host host) {
    if (!host.isSound()) {
      return;
    }
    switch (chance.below(3)) {
      case 0 -> {
        host.kill();
        if (site.tiers.isEmpty() || !chance.oneIn(3)) {
          site.time.after(chance.magnitude(200 * MILLI, 5 * SECOND), host::start);
        }
      }
      case 1 -> host.client().cut();
      default -> host.stop(chance.magnitude(100 * MILLI, 5 * SECOND));
    }
  }
}
