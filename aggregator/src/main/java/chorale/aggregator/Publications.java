package chorale.aggregator;

import chorale.aggregator.Decider.Shared;
import chorale.protocol.Bytes;
import chorale.protocol.Failure;
import chorale.protocol.Request;
import chorale.protocol.Result;
import chorale.protocol.Result.Origin;
import chorale.protocol.Ticker;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * A scheduler of results: it publishes a decided window at once if this aggregator owns the camera,
 * otherwise in its turn. It closes the window if another member publishes first. Owned by the
 * aggregator's thread.
 */
final class Publications {
  private final String own;
  private final Group group;
  private final ResultBuilder builder;
  private final ResultPublisher publisher;
  private final Ticker ticker;
  private final Clock clock;

  private final WindowTable windows;
  private final Decided decided;
  private final Counters counters;
  private final LatestResults latest = new LatestResults(this::forget);
  private final EarlyResults early;
  private final SteadyClasses classes;
  private final FailureLog failures = new FailureLog();

  /** The dependencies of publications. */
  record Dependencies(
      String own,
      Group group,
      GroupRules rules,
      ResultBuilder builder,
      ResultPublisher publisher,
      SteadyClasses classes,
      Ticker ticker,
      Clock clock) {}

  Publications(Dependencies dependencies, Shared shared) {
    this.own = dependencies.own();
    this.group = dependencies.group();
    this.builder = dependencies.builder();
    this.publisher = dependencies.publisher();
    this.classes = dependencies.classes();
    this.ticker = dependencies.ticker();
    this.clock = dependencies.clock();
    this.early = new EarlyResults(dependencies.rules().earlyResult().toNanos());
    this.windows = shared.windows();
    this.decided = shared.decided();
    this.counters = shared.counters();
  }

  // ---- windows

  /** Publishes a decided window if its turn has come; otherwise schedules it for its turn. */
  void advance(Window window) {
    long now = ticker.nanos();
    long from = group.publishFrom(window, now);
    if (from - now > 0) {
      windows.schedule(window, from);
    } else {
      publish(window, now);
    }
  }

  /** Reschedules the decided windows after a change of the group. */
  void advanceAll() {
    for (Window window : windows.all()) {
      if (window.decision().isPresent()) {
        advance(window);
      }
    }
  }

  /** Assigns publishers to the open windows once the group is known. */
  void assign() {
    long now = ticker.nanos();
    for (Window window : windows.all()) {
      window.succeed(group.succession(window.request().camera(), now));
    }
    advanceAll();
  }

  private void publish(Window window, long now) {
    windows.remove(window);
    counters.add(Counter.of(window.decision().orElseThrow()));
    if (!window.succession().isOwner()) {
      counters.add(Counter.TAKEN_OVER);
    }
    group.published(own, window, now);
    Request request = window.request();
    Result result = builder.decision(window, now, clock.instant(), next(request));
    decided.remember(result, request.correlation().isPresent());
    send(result, window.responseTopics(), request.correlation());
  }

  private Origin next(Request request) {
    return new Origin(own, latest.next(request.camera()));
  }

  private void send(Result result, List<String> responseTopics, Optional<Bytes> correlation) {
    counters.add(Counter.of(result.status()));
    failures.report(result);
    latest.published(result);
    publisher.send(result, responseTopics, correlation);
    classes.hear(result, true);
  }

  // ---- requests that open no window

  /** Publishes the result of a refused request if this aggregator owns the camera. */
  void refuse(Request request, Failure why) {
    if (owns(request.camera())) {
      Result result = builder.refusal(request, why, clock.instant(), next(request));
      send(result, topics(request), request.correlation());
    }
  }

  /** Repeats the result for a retry if this aggregator owns the camera. */
  void repeat(Request request, Result before) {
    if (owns(request.camera())) {
      publisher.send(before.asRepeated(), topics(request), request.correlation());
    }
  }

  private static List<String> topics(Request request) {
    return request.responseTopic().map(List::of).orElse(List.of());
  }

  private boolean owns(String camera) {
    long now = ticker.nanos();
    return !group.isUnsettled(now) && group.succession(camera, now).isOwner();
  }

  private boolean isOurs(Result result) {
    return result.origin().aggregator().equals(own);
  }

  /** Returns whether another member has already published the result of an arriving request. */
  boolean isPublished(Request request) {
    Optional<Result> result = early.take(request.key(), ticker.nanos());
    result.ifPresent(each -> decided.remember(each, request.correlation().isPresent()));
    return result.isPresent();
  }

  // ---- results of others

  /**
   * Handles a result of another member. The broker must retain the newest result. If it may now
   * retain an older one, two members publish the newest again: the camera's owner and the newest
   * result's publisher. Both are needed, since the owner may be the member that was late.
   *
   * @param kept whether it was retained
   * @return the window that it closes
   */
  Optional<Window> heard(Result result, boolean kept) {
    Optional<Result> newest = result.repeated() ? Optional.empty() : latest.heard(result, !kept);
    if (newest.filter(each -> (isOurs(each) && !kept) || owns(each.camera())).isPresent()) {
      counters.add(Counter.RESULTS_REPLACED);
      latest.published(newest.get());
      publisher.keep(newest.get());
    }
    if (kept) {
      return Optional.empty();
    }
    classes.hear(result, false);
    group.alive(result.origin().aggregator());
    Optional<Window> window = windows.find(result.requestId());
    if (window.isEmpty()) {
      early.add(result, ticker.nanos());
      return window;
    }
    counters.add(Counter.DECIDED_ELSEWHERE);
    windows.remove(window.get());
    decided.remember(result, window.get().request().correlation().isPresent());
    group.published(result.origin().aggregator(), window.get(), ticker.nanos());
    return window;
  }

  /** Clears the retained messages of a camera that is evicted. */
  private void forget(String camera) {
    if (owns(camera)) {
      publisher.forget(camera);
    }
  }

  /** Publishes the classes again, since the broker may have lost its retained messages. */
  void publishClasses() {
    classes.publishAgain();
  }

  /** Drops everything that others have taken over. */
  void drop() {
    early.clear();
    latest.forgetAnswers();
    classes.clear();
    for (Window window : windows.all()) {
      windows.remove(window);
      counters.add(Counter.DECIDED_WITHOUT);
    }
  }
}
