package chorale.site.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.RequestKey;
import chorale.protocol.Result.Origin;
import chorale.site.faults.History.Frame;
import chorale.site.faults.History.Gone;
import chorale.site.faults.History.Kept;
import chorale.site.faults.History.Outage;
import chorale.site.faults.History.Present;
import chorale.site.faults.History.Strike;
import chorale.site.faults.History.Told;
import chorale.site.faults.History.Vote;
import chorale.site.faults.Violation.Kind;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests with constructed histories; times in milliseconds. */
final class CheckerTest {
  private static final int USUAL = 1_500;
  private static final int LIMIT = 2_000;
  private static final Vote V1 = Vote.of("w1", "V1", .75);
  private static final Vote V2 = Vote.of("w2", "V2", .5);

  private final History history = new History();

  CheckerTest() {
    history.able.put("a1", List.of(span(-9_000, 100_000)));
  }

  private static Span span(long fromMillis, long toMillis) {
    return new Span(nanos(fromMillis), nanos(toMillis));
  }

  private static long nanos(long millis) {
    return millis * 1_000_000;
  }

  private static RequestKey key(int number) {
    return new RequestKey(0, number);
  }

  private void frame(int number, long atMillis) {
    history.published(new Frame(key(number), "gate", nanos(atMillis)));
    history.heard.put(key(number), nanos(atMillis + 5));
  }

  private void told(int number, String aggregator, long seq, long atMillis) {
    told(number, aggregator, seq, atMillis, true);
  }

  private void told(int number, String aggregator, long seq, long atMillis, boolean isAnswer) {
    seen(number, aggregator, seq, atMillis, isAnswer, List.of());
    delivered(number, aggregator, seq, atMillis);
  }

  private void seen(
      int number, String aggregator, long seq, long atMillis, boolean isAnswer, List<Vote> votes) {
    Origin origin = new Origin(aggregator, seq);
    history.told.add(new Told(key(number), "gate", origin, isAnswer, votes, "", nanos(atMillis)));
  }

  private void delivered(int number, String aggregator, long seq, long atMillis) {
    history
        .delivered
        .computeIfAbsent(key(number), any -> new HashMap<>())
        .put(new Origin(aggregator, seq), nanos(atMillis));
  }

  private void counted(int number, long atMillis, Vote... votes) {
    seen(number, "a1", number, atMillis, true, List.of(votes));
    delivered(number, "a1", number, atMillis);
  }

  private void strike(FaultKind kind, String victim, long fromMillis, long toMillis) {
    history.strikes.add(new Strike(kind, victim, Set.of("gate"), span(fromMillis, toMillis)));
  }

  private Verdict check() {
    return new Checker(
            history, new Checker.Limits(Duration.ofMillis(USUAL), Duration.ofMillis(LIMIT)))
        .check();
  }

  private void assertOnly(Kind kind, Verdict verdict) {
    assertFalse(verdict.holds());
    assertEquals(List.of(kind), verdict.violations().stream().map(Violation::kind).toList());
  }

  @Test
  void check_oneResultEach_holds() {
    frame(1, 1_000);
    told(1, "a1", 1, 1_040);
    frame(2, 2_000);
    told(2, "a2", 2, 2_030, false);
    Verdict verdict = check();
    assertTrue(verdict.holds());
    assertEquals(2, verdict.requests());
    assertEquals(2, verdict.results());
    assertEquals(1, verdict.noAnswers());
    assertEquals(List.of(40.0, 30.0), verdict.latencies());
  }

  @Test
  void check_nothingPublished_doesNotHold() {
    assertFalse(check().holds());
  }

  @Test
  void check_beforeTheWarmUpEnds_nothingIsChecked() {
    frame(1, 1_000);
    frame(2, 1_100);
    told(2, "a1", 8, 1_140);
    told(2, "a2", 7, 1_200);
    frame(3, 3_000);
    told(3, "a1", 9, 3_040);
    assertFalse(check().holds());
    history.warmNanos = nanos(2_000);
    Verdict verdict = check();
    assertTrue(verdict.holds());
    assertEquals(1, verdict.requests());
  }

  @Test
  void check_noResultWhileOneWasAble_isLost() {
    frame(1, 1_000);
    told(1, "a1", 1, 1_040);
    frame(2, 2_000);
    Verdict verdict = check();
    assertOnly(Kind.LOST, verdict);
    assertTrue(verdict.violations().get(0).history().contains("a1 able"));
  }

  @Test
  void check_noneWasAbleThroughout_isExcused() {
    history.able.put("a1", List.of(span(0, 1_500), span(2_500, 9_000)));
    history.able.put("a2", List.of(span(1_400, 2_900)));
    frame(1, 1_000);
    Verdict verdict = check();
    assertEquals(Map.of(Cause.NO_AGGREGATOR, 1), verdict.excused());
    assertEquals(List.of(), verdict.violations());
  }

  @Test
  void check_anotherWasAbleThroughout_isLost() {
    history.able.put("a1", List.of(span(0, 1_500)));
    history.able.put("a2", List.of(span(900, 3_100)));
    frame(1, 1_000);
    assertOnly(Kind.LOST, check());
  }

  @Test
  void check_severalExcuses_firstCounts() {
    history.outages.add(new Outage(Cause.OBSERVER_AWAY, span(5_000, 6_000)));
    history.outages.add(new Outage(Cause.BROKER_DOWN, span(9_000, 20_000)));
    history.outages.add(new Outage(Cause.OBSERVER_AWAY, span(9_000, 15_000)));
    frame(1, 9_500);
    history.refused(key(1));
    frame(2, 5_500);
    frame(3, 8_000);
    history.published(new Frame(key(4), "gate", nanos(30_000)));
    assertEquals(
        Map.of(
            Cause.NOT_TAKEN, 1,
            Cause.OBSERVER_AWAY, 1,
            Cause.BROKER_DOWN, 1,
            Cause.NOT_DELIVERED, 1),
        check().excused());
  }

  @Test
  void check_brokerRejectedTheFrameAndAnAggregatorWasAble_isLost() {
    frame(1, 1_000);
    history.refused(key(1));
    assertOnly(Kind.LOST, check());
    history.able.put("a1", List.of());
    assertEquals(Map.of(Cause.NOT_TAKEN, 1), check().excused());
  }

  @Test
  void check_resultAfterTheLimit_isLate() {
    history.able.put("a2", List.of());
    frame(1, 1_000);
    told(1, "a1", 1, 1_005 + LIMIT);
    frame(2, 4_000);
    told(2, "a1", 2, 4_006 + LIMIT);
    assertOnly(Kind.LATE, check());
  }

  @Test
  void check_allAggregatorsAble_shorterLimitApplies() {
    frame(1, 1_000);
    told(1, "a1", 1, 1_005 + USUAL);
    assertTrue(check().holds());
    frame(2, 4_000);
    told(2, "a1", 2, 4_006 + USUAL);
    assertOnly(Kind.LATE, check());
    history.able.put("a2", List.of(span(4_000 - LIMIT + 1, 100_000)));
    assertTrue(check().holds());
  }

  @Test
  void check_resultWithoutRequest_isInvented() {
    frame(1, 1_000);
    told(1, "a1", 1, 1_040);
    told(9, "a1", 2, 1_050);
    assertOnly(Kind.INVENTED, check());
  }

  @Test
  void check_twoOrigins_areDoubled() {
    frame(1, 1_000);
    told(1, "a1", 1, 1_040);
    told(1, "a2", 2, 1_060);
    strike(FaultKind.KILL, "a2", 900, 1_050);
    assertOnly(Kind.DOUBLED, check());
  }

  @Test
  void check_oneOriginTwice_isNotDoubled() {
    frame(1, 1_000);
    told(1, "a1", 1, 1_040);
    told(1, "a1", 1, 1_060);
    assertTrue(check().holds());
  }

  @Test
  void check_oneOfTwoWasStopped_isToldTwice() {
    strike(FaultKind.STOP, "a1", 1_010, 4_000);
    frame(1, 1_000);
    told(1, "a2", 1, 2_300);
    told(1, "a1", 2, 4_010);
    Verdict verdict = check();
    assertTrue(verdict.holds());
    assertEquals(1, verdict.sentTwice());
  }

  @Test
  void check_anotherWasStopped_isDoubled() {
    strike(FaultKind.STOP, "a1", 1_010, 4_000);
    frame(1, 1_000);
    told(1, "a2", 1, 2_300);
    told(1, "a3", 2, 2_310);
    assertOnly(Kind.DOUBLED, check());
  }

  @Test
  void check_anAggregatorIsSlow_isToldTwiceByAnyTwo() {
    history.able.put("a2", List.of());
    frame(1, 1_000);
    told(1, "a2", 1, 1_300);
    told(1, "a3", 2, 1_310);
    strike(FaultKind.DELAY, "w1", 500, 4_000);
    assertOnly(Kind.DOUBLED, check());
    strike(FaultKind.DELAY, "a1", 500, 4_000);
    assertTrue(check().holds());
  }

  @Test
  void check_messagesAreSlow_isToldTwice() {
    frame(1, 1_000);
    told(1, "a2", 1, 1_300);
    told(1, "a3", 2, 1_310);
    frame(2, 1_200);
    told(2, "a1", 3, 1_400);
    history.heard.put(key(2), nanos(1_350));
    assertOnly(Kind.DOUBLED, check());
    history.heard.put(key(2), nanos(1_351));
    assertTrue(check().holds());
  }

  @Test
  void check_brokerWasKilled_isToldTwice() {
    frame(1, 1_000);
    told(1, "a2", 1, 1_300);
    told(1, "a3", 2, 1_310);
    strike(FaultKind.BROKER_KILL, "broker", 1_010, 1_200);
    history.outages.add(new Outage(Cause.BROKER_DOWN, span(1_010, 1_200)));
    assertTrue(check().holds());
  }

  @Test
  void check_stoppedMuchEarlier_isDoubled() {
    strike(FaultKind.STOP, "a1", 1_000, 4_000);
    frame(1, 4_100 + LIMIT);
    told(1, "a2", 1, 4_200 + LIMIT);
    told(1, "a1", 2, 4_300 + LIMIT);
    assertOnly(Kind.DOUBLED, check());
  }

  @Test
  void check_olderResultLast_isStaleUnlessTheNewestIsRepublished() {
    frame(1, 1_000);
    frame(2, 1_100);
    told(2, "a1", 8, 1_140);
    told(1, "a1", 7, 1_200);
    assertOnly(Kind.STALE, check());
    told(2, "a1", 8, 2_150);
    assertTrue(check().holds());
  }

  @Test
  void check_brokerLostTheNewer_theOlderCountsAsNewest() {
    frame(1, 3_000);
    frame(2, 1_000);
    told(2, "a3", 8, 1_040);
    told(1, "a2", 8, 3_040);
    assertOnly(Kind.STALE, check());
    history.outages.add(new Outage(Cause.BROKER_DOWN, span(1_100, 2_000)));
    assertTrue(check().holds());
  }

  @Test
  void check_newestRepublishedTooLate_isStale() {
    frame(1, 1_000);
    frame(2, 1_100);
    told(2, "a1", 8, 1_140);
    told(1, "a1", 7, 1_200);
    told(2, "a1", 8, 2_250);
    assertOnly(Kind.STALE, check());
  }

  @Test
  void check_olderResultOfASlowAggregator_mayStay() {
    frame(1, 3_000);
    frame(2, 2_900);
    told(2, "a1", 8, 2_940);
    told(1, "a1", 7, 3_100);
    strike(FaultKind.TRICKLE, "a1", 500, 1_099);
    assertOnly(Kind.STALE, check());
    strike(FaultKind.TRICKLE, "a1", 500, 1_100);
    assertTrue(check().holds());
  }

  @Test
  void check_olderWithoutAnAnswer_replacesNothing() {
    frame(1, 1_000);
    frame(2, 1_100);
    told(2, "a1", 8, 1_140);
    told(1, "a1", 7, 1_200, false);
    assertTrue(check().holds());
  }

  @Test
  void check_brokerKeepsAnOlder_isStaleAfter1s() {
    frame(1, 1_000);
    told(1, "a1", 7, 1_040);
    frame(2, 2_000);
    told(2, "a1", 8, 2_040);
    history.kept.add(new Kept(Map.of("gate", new Origin("a1", 7)), nanos(2_900)));
    assertTrue(check().holds());
    history.kept.add(new Kept(Map.of("gate", new Origin("a1", 7)), nanos(3_100)));
    assertOnly(Kind.STALE, check());
  }

  @Test
  void check_brokerKeepsNothing_isStaleUnlessItWasDown() {
    frame(1, 1_000);
    told(1, "a1", 7, 1_040);
    history.kept.add(new Kept(Map.of(), nanos(9_000)));
    assertOnly(Kind.STALE, check());
    history.outages.add(new Outage(Cause.BROKER_DOWN, span(4_000, 8_000)));
    assertTrue(check().holds());
  }

  @Test
  void check_processEnded_doesNotHold() {
    frame(1, 1_000);
    told(1, "a1", 1, 1_040);
    history.note(Kind.ENDED, "a2", "ended with code 1");
    assertOnly(Kind.ENDED, check());
  }

  @Test
  void check_ownerIsKilled_recoveryIsTimedFromTheFaultAndTheWill() {
    frame(1, 1_000);
    frame(2, 1_050);
    strike(FaultKind.KILL, "a1", 1_060, 2_000);
    told(1, "a1", 1, 1_065); // in transit when it was killed
    history.gone.add(new Gone("a1", nanos(1_100)));
    told(2, "a2", 2, 1_160);
    Verdict.Recovery recovery = check().recoveries().get(FaultKind.KILL);
    assertEquals(1, recovery.count());
    assertEquals(List.of(100.0), recovery.next());
    assertEquals(List.of(100.0), recovery.open());
    assertEquals(List.of(60.0), recovery.openAfterWill());
  }

  @Test
  void check_brokerIsKilled_recoveryIsTimedFromWhenItAcceptsConnections() {
    strike(FaultKind.BROKER_KILL, "broker", 1_000, 4_000);
    history.outages.add(new Outage(Cause.BROKER_DOWN, span(1_000, 4_000)));
    history.present.add(new Present("w1", nanos(3_900))); // before its death
    history.present.add(new Present("w1", nanos(4_200)));
    history.present.add(new Present("a1", nanos(4_300)));
    history.present.add(new Present("a1", nanos(4_900)));
    history.whole.add(nanos(6_000));
    frame(1, 4_400);
    told(1, "a1", 1, 5_400, false);
    frame(2, 5_450);
    told(2, "a1", 2, 5_500);
    Verdict.Recovery recovery = check().recoveries().get(FaultKind.BROKER_KILL);
    assertEquals(List.of(1_500.0), recovery.next());
    assertEquals(List.of(300.0, 200.0), recovery.back());
    assertEquals(List.of(2_000.0), recovery.whole());
  }

  @Test
  void check_workerIsKilled_recoveryIsTimedFromItsRestart() {
    strike(FaultKind.WORKER, "w1", 1_000, 2_000);
    history.present.add(new Present("w2", nanos(2_100)));
    history.present.add(new Present("w1", nanos(4_000)));
    assertEquals(List.of(2_000.0), check().recoveries().get(FaultKind.WORKER).back());
  }

  @Test
  void check_votesAsReplied_hold() {
    frame(1, 1_000);
    history.replies.put(key(1), Set.of(V1, V2));
    counted(1, 1_040, V1, V2);
    assertTrue(check().holds());
  }

  @Test
  void check_workerVotesTwice_isRecounted() {
    frame(1, 1_000);
    Vote other = Vote.of("w1", "V3", .5);
    history.replies.put(key(1), Set.of(V1, other));
    counted(1, 1_040, V1, other);
    assertOnly(Kind.RECOUNTED, check());
  }

  @Test
  void check_variantVotesTwice_isRecounted() {
    frame(1, 1_000);
    Vote replica = Vote.of("w9", "V1", .75);
    history.replies.put(key(1), Set.of(V1, replica));
    counted(1, 1_040, V1, replica);
    assertOnly(Kind.RECOUNTED, check());
  }

  @Test
  void check_voteWithoutReply_isInventedUnlessTheObserverWasAway() {
    frame(1, 1_000);
    history.replies.put(key(1), Set.of(V1, Vote.of("w2", "V2", .500002)));
    counted(1, 1_040, V1, V2);
    assertOnly(Kind.INVENTED, check());
    history.outages.add(new Outage(Cause.OBSERVER_AWAY, span(1_005, 1_030)));
    assertTrue(check().holds());
  }

  @Test
  void check_decisionMissingAtTheCamera_isUndeliveredUnlessItWasAway() {
    frame(1, 1_000);
    told(1, "a1", 1, 1_040);
    frame(2, 3_000);
    seen(2, "a1", 2, 3_040, true, List.of());
    assertOnly(Kind.UNDELIVERED, check());
    history.camerasAway.add(span(3_500, 3_600));
    assertTrue(check().holds());
  }

  @Test
  void check_decisionAtTheCameraOnly_isUndeliveredUnlessItsAggregatorHadAFault() {
    frame(1, 1_000);
    told(1, "a1", 1, 1_040);
    frame(2, 3_000);
    told(2, "a1", 2, 3_040);
    delivered(2, "a2", 2, 3_045);
    history.able.put("a2", List.of(span(0, 9_000)));
    assertOnly(Kind.UNDELIVERED, check());
    history.able.put("a2", List.of(span(0, 3_042)));
    assertTrue(check().holds());
  }
}
