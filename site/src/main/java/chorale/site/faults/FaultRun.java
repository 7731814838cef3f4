package chorale.site.faults;

import chorale.protocol.Topics;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.ConnectionSettings;
import chorale.protocol.bus.ServiceEndedException;
import chorale.site.SiteException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One run of the fault bench: the site starts, cameras publish, faults come and go, and in the end
 * the history is judged. Used by one thread, which owns everything but the cameras' thread.
 */
public final class FaultRun implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** After a stop or a cut: the newest result is to be kept by then. */
  private static final Duration SETTLED = Duration.ofMillis(1_500);

  /** So many results in a row show that the processes are warm, if each comes so soon. */
  private static final int WARM_RESULTS = 100;

  private static final Duration SOON = Duration.ofMillis(300);

  private final FaultPlan plan;
  private final Topics topics = new Topics("torture");
  private final Consumer<String> reporter;
  private final BooleanSupplier stopped;
  private final long startedNanos = System.nanoTime();

  private final FaultSite site;
  private final BusFactory buses;
  private final History history = new History();
  private final Members members;
  private final Observer observer;
  private final Cameras cameras;
  private final Injector injector;

  private Optional<KeptResults> asking = Optional.empty();
  private Optional<Long> askAtNanos = Optional.empty();
  private long pausesSeen;
  private int rejoinedBefore;
  private long progressNanos = System.nanoTime();

  /**
   * How a run reaches its broker and its user.
   *
   * @param stopped ends the run early
   */
  public record Surroundings(
      Function<ConnectionSettings, BusFactory> buses,
      Path folder,
      Consumer<String> reporter,
      BooleanSupplier stopped) {}

  private FaultRun(FaultPlan plan, Surroundings surroundings, FaultSite site) {
    this.plan = plan;
    this.site = site;
    this.reporter = surroundings.reporter();
    this.stopped = surroundings.stopped();
    this.buses = surroundings.buses().apply(site.connection());
    this.members = new Members(site.aggregators());
    List<String> names = cameraNames(plan.load().cameras());
    history.startNanos = startedNanos;
    this.observer = new Observer(topics, history, members, buses);
    this.cameras =
        new Cameras(
            new Cameras.Settings(
                topics,
                names,
                plan.load().images(),
                plan.load().rate(),
                plan.load().deadlineMillis()),
            history,
            buses);
    Iterator<Fault> faults =
        plan.isCounted()
            ? FaultSchedule.counted(plan.seed(), plan.faults())
            : FaultSchedule.endless(plan.seed(), plan.faults().keySet());
    this.injector =
        new Injector(
            site,
            new Injector.Stage(
                history, members, observer, cameras, names, plan.limit(), this::report),
            faults,
            plan.seed());
  }

  private static List<String> cameraNames(int count) {
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      names.add(String.format(Locale.ROOT, "camera-%02d", i));
    }
    return names;
  }

  /** Starts a site, brings the faults about, and judges. */
  public static FaultOutcome run(FaultPlan plan, Surroundings surroundings)
      throws IOException, SiteException, InterruptedException {
    try (FaultSite site = FaultSite.start(plan, new Topics("torture"), surroundings.folder());
        FaultRun run = new FaultRun(plan, surroundings, site)) {
      return run.run();
    } catch (ServiceEndedException e) {
      throw new SiteException(e.getMessage(), e);
    }
  }

  private FaultOutcome run()
      throws IOException, SiteException, InterruptedException, ServiceEndedException {
    awaitWhole();
    report("all ready");
    long began = System.nanoTime();
    cameras.start();
    warmUp();
    while (!injector.isOver() && !isStuck()) {
      boolean isTime =
          plan.lasts().map(each -> System.nanoTime() - began >= each.toNanos()).orElse(false);
      if (isTime || stopped.getAsBoolean()) {
        injector.end();
      }
      turn();
    }
    awaitWholeAgain();
    pass(plan.limit());
    cameras.end();
    Duration lasted = Duration.ofNanos(System.nanoTime() - began);
    pass(plan.limit().plus(SETTLED));
    awaitKept();
    history.able.putAll(members.spans(System.nanoTime()));
    return new FaultOutcome(
        plan,
        new Checker(history, plan.limit()).check(),
        lasted,
        members.rejoined() - rejoinedBefore,
        cameras.longestPauseMillis());
  }

  // ---- turns

  private void turn()
      throws IOException, SiteException, InterruptedException, ServiceEndedException {
    observer.inbox().await(observer.runOnce());
    for (String name : site.endedByThemselves()) {
      report(name + " ended by itself");
      history.note(Violation.Kind.ENDED, name, site.ending(name));
      site.restart(name);
    }
    injector.step();
    askForKept();
  }

  private void pass(Duration time)
      throws IOException, SiteException, InterruptedException, ServiceEndedException {
    long end = System.nanoTime() + time.toNanos();
    while (end - System.nanoTime() > 0) {
      turn();
    }
  }

  private void awaitWhole()
      throws IOException, SiteException, InterruptedException, ServiceEndedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!injector.isWhole(Duration.ofSeconds(1))) {
      if (stopped.getAsBoolean()) {
        throw new SiteException("stopped before the site was ready");
      }
      if (end - System.nanoTime() < 0) {
        throw new SiteException("the site was not ready within " + PATIENCE.toSeconds() + " s");
      }
      observer.inbox().await(observer.runOnce());
      for (String name : site.endedByThemselves()) {
        throw new SiteException(site.ending(name));
      }
    }
  }

  /** Until the last results all came soon: processes that have just started are slow. */
  private void warmUp()
      throws IOException, SiteException, InterruptedException, ServiceEndedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    do {
      observer.inbox().await(observer.runOnce());
    } while (!isWarm() && end - System.nanoTime() > 0 && !stopped.getAsBoolean());
    history.warmNanos = System.nanoTime();
    rejoinedBefore = members.rejoined();
    report("warm");
  }

  private boolean isWarm() {
    int heard = history.told.size();
    return heard >= WARM_RESULTS
        && history.told.subList(heard - WARM_RESULTS, heard).stream()
            .allMatch(
                told ->
                    told.isAnswer()
                        && history.heard.containsKey(told.key())
                        && told.atNanos() - history.heard.get(told.key()) < SOON.toNanos());
  }

  private boolean isStuck() {
    if (injector.isWhole(Duration.ZERO)) {
      progressNanos = System.nanoTime();
    }
    if (System.nanoTime() - progressNanos <= PATIENCE.toNanos()) {
      return false;
    }
    noteStuck();
    return true;
  }

  private void noteStuck() {
    List<String> able = members.able(Duration.ZERO, System.nanoTime());
    history.note(
        Violation.Kind.STUCK,
        topics.site(),
        "not whole for " + PATIENCE.toSeconds() + " s; ready aggregators: " + able);
    progressNanos = System.nanoTime();
  }

  private void awaitWholeAgain()
      throws IOException, SiteException, InterruptedException, ServiceEndedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!injector.isWhole(Duration.ZERO) && !stopped.getAsBoolean()) {
      if (end - System.nanoTime() < 0) {
        noteStuck();
        return;
      }
      turn();
    }
  }

  // ---- what the broker keeps

  private void askForKept() {
    if (injector.pausesEnded() > pausesSeen) {
      pausesSeen = injector.pausesEnded();
      askAtNanos = Optional.of(System.nanoTime() + SETTLED.toNanos());
    }
    if (injector.isBrokerDown()) {
      askAtNanos = Optional.empty();
      stopAsking();
    } else if (asking.isPresent()) {
      asking
          .get()
          .poll()
          .ifPresent(
              kept -> {
                history.kept.add(kept);
                stopAsking();
              });
    } else if (askAtNanos.isPresent() && System.nanoTime() - askAtNanos.get() >= 0) {
      askAtNanos = Optional.empty();
      asking = Optional.of(new KeptResults(topics, buses));
    }
  }

  private void stopAsking() {
    asking.ifPresent(KeptResults::close);
    asking = Optional.empty();
  }

  /** Once more, when everything has been said. */
  private void awaitKept()
      throws IOException, SiteException, InterruptedException, ServiceEndedException {
    askAtNanos = Optional.of(System.nanoTime());
    int before = history.kept.size();
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (history.kept.size() == before || asking.isPresent()) {
      if (end - System.nanoTime() < 0) {
        history.note(Violation.Kind.STUCK, "broker", "it does not deliver what it keeps");
        return;
      }
      turn();
    }
  }

  private void report(String text) {
    double seconds = (System.nanoTime() - startedNanos) / 1e9;
    reporter.accept(String.format(Locale.ROOT, "%7.1f s  %s", seconds, text));
  }

  @Override
  public void close() {
    stopAsking();
    cameras.close();
    observer.close();
  }
}
