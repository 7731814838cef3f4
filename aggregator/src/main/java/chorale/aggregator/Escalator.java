package chorale.aggregator;

import chorale.aggregator.fusion.Vote;
import chorale.config.Escalate;
import chorale.protocol.Ask;
import chorale.protocol.AskCodec;
import chorale.protocol.Limits;
import chorale.protocol.Message;
import chorale.protocol.Ticker;
import chorale.protocol.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * The escalation rule between tiers. It asks the next tier about a frame if the fused answer of the
 * tiers so far is unsure, that is, if its margin is below a threshold. Every aggregator of the
 * group makes this decision, but only the first one in the frame's publishing order publishes the
 * ask. Owned by the aggregator's thread.
 */
final class Escalator {
  private static final System.Logger LOG = System.getLogger(Escalator.class.getName());

  private static final double NANOS_PER_MILLI = 1e6;

  private final Escalate escalate;
  private final ClosingRules rules;
  private final Topics topics;
  private final Roster roster;
  private final Group group;
  private final Consumer<Message> out;
  private final Counters counters;
  private final Ticker ticker;

  /** The plan for which the warning about missing thresholds was logged last. */
  private String told = "";

  /** For {@code aggregator.escalate} by share: the quantiles of each tier except the last. */
  private final List<MarginShare> shares = new ArrayList<>();

  /** The dependencies of an escalator. */
  record Dependencies(
      ClosingRules rules,
      Topics topics,
      Roster roster,
      Group group,
      Consumer<Message> out,
      Counters counters,
      Ticker ticker) {}

  Escalator(Escalate escalate, Dependencies dependencies) {
    this.escalate = escalate;
    this.rules = dependencies.rules();
    this.topics = dependencies.topics();
    this.roster = dependencies.roster();
    this.group = dependencies.group();
    this.out = dependencies.out();
    this.counters = dependencies.counters();
    this.ticker = dependencies.ticker();
  }

  /**
   * Handles a window that expects no more votes from the tiers asked so far. Asks the next tier if
   * the answer is unsure and the tier has workers that can reply in time. The window does not wait
   * for workers that have been silent for some time.
   *
   * @return whether the next tier was asked
   */
  boolean goesOn(Window window) {
    OptionalInt next = window.nextTier();
    if (next.isEmpty()) {
      return false;
    }
    long now = ticker.nanos();
    int place = roster.tiers().numbers().indexOf(window.tier());
    List<Vote> votes = ClosingRules.votes(window);
    double margin = votes.isEmpty() ? -1 : rules.rule(window).fuse(votes).margin();
    boolean unsure = escalate.by() != Escalate.By.OFF && margin < threshold(place);
    heard(place, margin);
    double leftMillis = (window.deadlineNanos() - now) / NANOS_PER_MILLI;
    if (!unsure || leftMillis <= window.fastestMillis(next.getAsInt())) {
      return false;
    }
    counters.add(Counter.ESCALATED);
    window.ask(next.getAsInt());
    askAloud(window, now);
    return true;
  }

  /**
   * Records a window that the bound or a quorum has decided, for which no further tier is asked.
   */
  void stops(Window window) {
    if (window.nextTier().isPresent()) {
      heard(roster.tiers().numbers().indexOf(window.tier()), Double.POSITIVE_INFINITY);
    }
  }

  /**
   * Repeats the ask after a change of the group: the previous first aggregator may not have sent
   * it.
   */
  void succeed(Window window) {
    if (window.decision().isEmpty() && window.isEscalated()) {
      askAloud(window, ticker.nanos());
    }
  }

  private void askAloud(Window window, long now) {
    double leftMillis = (window.deadlineNanos() - now) / NANOS_PER_MILLI;
    if (window.isAskedAloud() || leftMillis < Limits.MIN_BUDGET_MILLIS || !group.isFirst(window)) {
      return;
    }
    window.askedAloud();
    Ask ask = new Ask(window.request().key(), (int) leftMillis);
    out.accept(AskCodec.message(topics.ask(window.request().camera(), window.tier()), ask));
  }

  /**
   * @param place of the last tier that was asked; -1 where the roster has no workers of it
   */
  private double threshold(int place) {
    return switch (escalate.by()) {
      case OFF -> 0;
      case MARGIN -> escalate.value();
      case SHARE -> place < 0 ? 0 : share(place).threshold();
      case SET -> setThreshold(place);
    };
  }

  private double setThreshold(int place) {
    SiteTiers tiers = roster.tiers();
    if (tiers.thresholds().isEmpty() && !told.equals(tiers.plan())) {
      told = tiers.plan();
      LOG.log(
          System.Logger.Level.WARNING,
          "the model set has no thresholds for the tiers {0}: later tiers are asked only if the"
              + " earlier ones do not vote; choose thresholds with ''chorale evaluate --tiers {0}"
              + " --fit-tiers'', or set aggregator.escalate",
          told);
    }
    return tiers
        .thresholds()
        .filter(each -> place >= 0 && place < each.size())
        .map(each -> each.get(place))
        .orElse(0.0);
  }

  private void heard(int place, double margin) {
    if (escalate.by() == Escalate.By.SHARE && place >= 0) {
      share(place).add(margin);
    }
  }

  private MarginShare share(int place) {
    while (shares.size() <= place) {
      shares.add(new MarginShare(escalate.value()));
    }
    return shares.get(place);
  }
}
