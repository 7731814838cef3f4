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
 * A run of a fault test: it starts the site, publishes frames, injects faults, and checks the
 * history at the end. Used by one thread, which owns everything except the cameras' thread.
 */
public final class FaultRun implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

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

  private final KeptWatch kept;
  private Optional<SoakWatch> soak = Optional.empty();

  private double rate;
  private int rejoinedBefore;
  private long progressNanos = System.nanoTime();

  /**
   * The environment of a run.
   *
   * @param buses opens connections with the given settings
   * @param folder for logs and temporary files
   * @param reporter receives lines for people
   * @param stopped whether to end the run early
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
            new Cameras.Settings(topics, names, plan.load().images(), plan.load().deadlineMillis()),
            history,
            buses);
    Iterator<Fault> faults =
        plan.isCounted()
            ? FaultSchedule.counted(plan.seed(), plan.faults())
            : FaultSchedule.endless(plan.seed(), plan.faults().keySet());
    this.injector =
        new Injector(
            site,
            new Strokes(site, topics, history, plan, buses),
            new Injector.Stage(
                history, members, observer, cameras, names, plan.limits().most(), this::report),
            faults,
            plan.seed());
    this.kept = new KeptWatch(topics, buses, history);
  }

  private static List<String> cameraNames(int count) {
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      names.add(String.format(Locale.ROOT, "camera-%02d", i));
    }
    return names;
  }

  /** Starts a site, injects the faults, and checks the history. */
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
    warmUp();
    long began = System.nanoTime();
    while (!isTime(began) && !stopped.getAsBoolean() && !isStuck() && !isDone()) {
      turn();
    }
    injector.end();
    while (!injector.isOver() && !isStuck()) {
      turn();
    }
    awaitWholeAgain();
    pass(plan.limits().most());
    cameras.end();
    Duration lasted = Duration.ofNanos(System.nanoTime() - began);
    pass(plan.limits().most().plus(KeptWatch.SETTLED));
    awaitKept();
    history.able.putAll(members.spans(System.nanoTime()));
    if (soak.isPresent()) {
      soak.get().judge(history);
    }
    return new FaultOutcome(
        plan,
        new Checker(history, plan.limits()).check(),
        rate,
        soak.map(SoakWatch::memory).orElse(List.of()),
        Timeline.of(history),
        lasted,
        members.rejoined() - rejoinedBefore,
        cameras.longestPauseMillis());
  }

  private boolean isTime(long began) {
    return plan.lasts().map(each -> System.nanoTime() - began >= each.toNanos()).orElse(false);
  }

  private boolean isDone() {
    return plan.isCounted() && injector.isOver();
  }

  // ---- turns

  private void turn()
      throws IOException, SiteException, InterruptedException, ServiceEndedException {
    hear();
    for (String name : site.endedByThemselves()) {
      report(name + " exited unexpectedly");
      history.note(Violation.Kind.ENDED, name, site.ending(name));
      site.restart(name);
    }
    injector.step();
    kept.step(injector.pausesEnded(), injector.isBrokerDown());
    soak.ifPresent(SoakWatch::step);
  }

  private void hear() throws InterruptedException, ServiceEndedException {
    observer.inbox().await(observer.runOnce());
    cameras.hear();
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
      hear();
      for (String name : site.endedByThemselves()) {
        throw new SiteException(site.ending(name));
      }
    }
  }

  private void warmUp()
      throws IOException, SiteException, InterruptedException, ServiceEndedException {
    rate = plan.load().rate().orElse(WarmUp.RATE);
    cameras.start(rate);
    WarmUp warmUp = new WarmUp(history, cameras, this::hear, stopped);
    warmUp.run();
    if (plan.load().rate().isEmpty()) {
      rate = FaultPlan.SHARE * warmUp.saturate();
      cameras.setRate(rate);
      pass(plan.limits().most());
    }
    if (plan.isSoak()) {
      soak = Optional.of(new SoakWatch(site.processes()));
    }
    history.warmNanos = System.nanoTime();
    rejoinedBefore = members.rejoined();
    report(String.format(Locale.ROOT, "warm; %.1f frames/s", rate));
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
        "the site was not fully ready for "
            + PATIENCE.toSeconds()
            + " s; ready aggregators: "
            + able);
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

  /** Checks the retained results once more after all messages were sent. */
  private void awaitKept()
      throws IOException, SiteException, InterruptedException, ServiceEndedException {
    kept.askNow();
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (kept.isAsking()) {
      if (end - System.nanoTime() < 0) {
        history.note(Violation.Kind.STUCK, "broker", "it does not deliver retained results");
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
    kept.close();
    injector.close();
    cameras.close();
    observer.close();
  }
}
