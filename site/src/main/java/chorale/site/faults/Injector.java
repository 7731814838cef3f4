package chorale.site.faults;

import chorale.protocol.RendezvousHash;
import chorale.site.SiteException;
import chorale.site.faults.Fault.Aim;
import chorale.site.faults.History.Outage;
import chorale.site.faults.History.Strike;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/**
 * An injector of faults, one after another; it also undoes them. A fault of an aggregator occurs
 * shortly after a frame that it must answer, and only while another aggregator can take over. Used
 * by one thread, in turns.
 */
final class Injector implements AutoCloseable {
  private static final Duration LEAVES_WITHIN = Duration.ofSeconds(15);
  private static final int MIN_GAP_MILLIS = 300;
  private static final int MAX_GAP_MILLIS = 1_500;
  private static final long START = System.nanoTime();

  private final FaultSite site;
  private final Strokes strokes;
  private final Stage stage;
  private final Iterator<Fault> faults;
  private final Random random;
  private final PriorityQueue<Due> dues =
      new PriorityQueue<>(Comparator.comparingLong(due -> due.nanos() - START));
  private final Map<String, Leaving> leaving = new HashMap<>();
  private Optional<Fault> next = Optional.empty();

  /** Whether the current fault must end before the next one. */
  private boolean busy;

  /** The broker's current fault, until the whole site is ready again. */
  private Optional<Strike> brokerFault = Optional.empty();

  private long notBeforeNanos = System.nanoTime();
  private long pausesEnded;
  private boolean ending;

  private record Due(long nanos, Strokes.Undo action) {}

  /** An aggregator that shuts down in order, before its restart. */
  private record Leaving(Fault fault, Strokes.Undo undo, long untilNanos) {}

  /**
   * The parts of the run that the injector uses.
   *
   * @param limit time for which aggregators must have been able before a fault
   * @param reporter receives a line for each fault
   */
  record Stage(
      History history,
      Members members,
      Observer observer,
      Cameras cameras,
      List<String> cameraNames,
      Duration limit,
      Consumer<String> reporter) {}

  Injector(FaultSite site, Strokes strokes, Stage stage, Iterator<Fault> faults, long seed) {
    this.site = site;
    this.strokes = strokes;
    this.stage = stage;
    this.faults = faults;
    this.random = new Random(seed);
  }

  /** Runs one turn: undoes faults that are due, and starts the next one if the site is ready. */
  void step() throws IOException, SiteException, InterruptedException {
    strokes.step();
    for (Due due = dues.peek(); due != null && isDue(due); due = dues.peek()) {
      dues.remove(due);
      due.action().run();
    }
    for (String name : Set.copyOf(leaving.keySet())) {
      awaitLeft(name);
    }
    if (brokerFault.isPresent() && !busy && isWhole(Duration.ZERO)) {
      brokerIsBack();
    }
    if (next.isEmpty() && faults.hasNext() && !ending) {
      next = Optional.of(faults.next());
    }
    boolean now = !busy && brokerFault.isEmpty() && System.nanoTime() - notBeforeNanos >= 0;
    if (now && next.isPresent() && !ending && isReadyFor(next.get()) && begin(next.get())) {
      next = Optional.empty();
      int gap = MIN_GAP_MILLIS + random.nextInt(MAX_GAP_MILLIS - MIN_GAP_MILLIS);
      notBeforeNanos = System.nanoTime() + Duration.ofMillis(gap).toNanos();
    }
  }

  private static boolean isDue(Due due) {
    return due.nanos() - System.nanoTime() <= 0;
  }

  private boolean isReadyFor(Fault fault) {
    return fault.eager()
        ? stage.members().able(stage.limit(), System.nanoTime()).size() > 1 && areWorkersOnline()
        : isWhole(stage.limit());
  }

  /** Returns whether all services are ready, the aggregators for at least this time. */
  boolean isWhole(Duration since) {
    return stage.observer().isSubscribed()
        && stage.members().areAllAble(since, System.nanoTime())
        && areWorkersOnline();
  }

  private boolean areWorkersOnline() {
    return site.workers().stream().allMatch(stage.observer()::isOnline);
  }

  // ---- one fault

  /**
   * Starts a fault. Returns false if the chosen victim is unsuitable; the next turn chooses again.
   */
  private boolean begin(Fault fault) throws IOException, InterruptedException {
    switch (fault.aim()) {
      case OWNER, SHADOW -> {
        return beginOfAggregator(fault);
      }
      case WORKER -> {
        String victim = site.workers().get(random.nextInt(site.workers().size()));
        report(fault, victim, "");
        hit(fault, strike(fault, victim, Set.of()));
      }
      case BROKER -> beginOfBroker(fault);
      case SITE -> {
        report(fault, "the site", "");
        hit(fault, strike(fault, "the site", Set.of()));
      }
    }
    return true;
  }

  private boolean beginOfAggregator(Fault fault) throws IOException, InterruptedException {
    List<String> able = stage.members().able(Duration.ZERO, System.nanoTime());
    List<String> lasting = stage.members().able(stage.limit(), System.nanoTime());
    String victim = able.get(random.nextInt(able.size()));
    List<String> timers = ranked(able, victim, fault.aim() == Aim.OWNER ? 0 : 1);
    if (timers.isEmpty() || lasting.equals(List.of(victim))) {
      return false;
    }
    String camera = timers.get(random.nextInt(timers.size()));
    report(fault, victim, ", " + fault.aim().name().toLowerCase(Locale.ROOT) + " of " + camera);
    stage.cameras().publish(camera);
    Thread.sleep(fault.afterFrame().toMillis());
    stage.members().strike(victim, System.nanoTime());
    hit(fault, strike(fault, victim, Set.copyOf(ranked(able, victim, 0))));
    return true;
  }

  /** Returns the cameras for which a member has this rank. */
  private List<String> ranked(List<String> able, String member, int place) {
    List<String> cameras = new ArrayList<>();
    for (String each : stage.cameraNames()) {
      List<String> order = RendezvousHash.order(each, able);
      if (place < order.size() && order.get(place).equals(member)) {
        cameras.add(each);
      }
    }
    return cameras;
  }

  private void hit(Fault fault, Strike strike) throws IOException {
    Strokes.Undo undo = strokes.begin(fault, strike.victim());
    if (fault.kind() == FaultKind.LEAVE) {
      long until = System.nanoTime() + LEAVES_WITHIN.toNanos();
      leaving.put(strike.victim(), new Leaving(fault, undo, until));
      stage.history().strikes.add(strike);
      return;
    }
    busy = fault.kind() != FaultKind.KILL;
    later(
        fault,
        () -> {
          undo.run();
          if (fault.aim().isAggregator()) {
            stage.members().release(strike.victim(), System.nanoTime());
          }
          ended(strike);
          if (fault.kind().isPause()) {
            pausesEnded++;
          }
        });
  }

  private void ended(Strike strike) {
    Span span = new Span(strike.span().from(), System.nanoTime());
    stage.history().strikes.add(new Strike(strike.kind(), strike.victim(), strike.cameras(), span));
    busy = false;
  }

  private void awaitLeft(String name) {
    boolean late = System.nanoTime() - leaving.get(name).untilNanos() > 0;
    if (!site.hasEnded(name) && !late) {
      return;
    }
    if (!site.hasSucceeded(name)) {
      stage
          .history()
          .note(Violation.Kind.ENDED, name, "it did not exit properly: " + site.ending(name));
      site.kill(name);
    }
    Leaving left = leaving.remove(name);
    later(
        left.fault(),
        () -> {
          left.undo().run();
          stage.members().release(name, System.nanoTime());
        });
  }

  private void beginOfBroker(Fault fault) throws IOException {
    busy = true;
    report(fault, FaultSite.BROKER, "");
    List<String> all = stage.members().names();
    all.forEach(each -> stage.members().strike(each, System.nanoTime()));
    Strike strike = strike(fault, FaultSite.BROKER, Set.of());
    brokerFault = Optional.of(strike);
    Strokes.Undo undo = strokes.begin(fault, FaultSite.BROKER);
    later(
        fault,
        () -> {
          undo.run();
          ended(strike);
          long now = System.nanoTime();
          all.forEach(each -> stage.members().release(each, now));
          if (fault.kind() == FaultKind.BROKER_KILL) {
            outage(new Span(strike.span().from(), now));
          }
        });
  }

  /**
   * Ends a fault of the broker. After a pause, some clients have lost their connection and others
   * have not.
   */
  private void brokerIsBack() {
    Strike strike = brokerFault.orElseThrow();
    long now = System.nanoTime();
    if (strike.kind() == FaultKind.BROKER_STOP) {
      outage(new Span(strike.span().from(), now));
    }
    stage.history().whole.add(now);
    brokerFault = Optional.empty();
  }

  private void outage(Span span) {
    stage.history().outages.add(new Outage(Cause.BROKER_DOWN, span));
  }

  private static Strike strike(Fault fault, String victim, Set<String> cameras) {
    long now = System.nanoTime();
    return new Strike(fault.kind(), victim, cameras, new Span(now, now));
  }

  private void later(Fault fault, Strokes.Undo action) {
    dues.add(new Due(System.nanoTime() + fault.lasts().toNanos(), action));
  }

  private void report(Fault fault, String victim, String more) {
    stage
        .reporter()
        .accept(
            String.format(
                Locale.ROOT,
                "%s %s for %.1f s%s",
                fault.label(),
                victim,
                fault.lasts().toMillis() / 1e3,
                more));
  }

  // ---- the run

  /** Stops new faults and ends current ones now. */
  void end() {
    ending = true;
    next = Optional.empty();
    List<Due> all = new ArrayList<>(dues);
    dues.clear();
    all.forEach(each -> dues.add(new Due(System.nanoTime(), each.action())));
  }

  /** Returns whether all faults have ended and no more follow. */
  boolean isOver() {
    return (ending || (!faults.hasNext() && next.isEmpty()))
        && !busy
        && dues.isEmpty()
        && leaving.isEmpty()
        && brokerFault.isEmpty();
  }

  boolean isBrokerDown() {
    return brokerFault.isPresent();
  }

  /** Returns the number of aggregators that resumed after a pause or a cut. */
  long pausesEnded() {
    return pausesEnded;
  }

  @Override
  public void close() {
    strokes.close();
  }
}
