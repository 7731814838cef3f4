package chorale.dashboard;

import chorale.protocol.Address;
import chorale.protocol.Bytes;
import chorale.protocol.MalformedException;
import chorale.protocol.Message;
import chorale.protocol.PrintableText;
import chorale.protocol.RendezvousHash;
import chorale.protocol.Result;
import chorale.protocol.ResultCodec;
import chorale.protocol.Role;
import chorale.protocol.Topics;
import chorale.protocol.Topics.StatusKind;
import chorale.protocol.bus.Subscription;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The state of a site, in cards, and the events that send it to pages (JSON, docs/dashboard.md).
 * Malformed messages are counted and change nothing else. Owned by the dashboard's thread.
 */
final class SiteState {
  static final int MAX_CAMERAS = 300;

  /** Maximum size of a result; larger ones count as malformed. */
  private static final int MAX_RESULT_BYTES = 256 * 1024;

  private static final int MAX_REASON = 200;

  private static final long SPACING = TimeUnit.MILLISECONDS.toNanos(Dashboard.CARD_MILLIS);

  private final Topics topics;
  private final String broker;
  private final ResultCodec results = new ResultCodec();

  private final CardTable<CameraCard> cameras =
      new CardTable<>(MAX_CAMERAS, SPACING, CameraCard::new);
  private final FleetCards fleet =
      new FleetCards(TimeUnit.MILLISECONDS.toNanos(Dashboard.SERVICE_MILLIS));
  private final HourHistory history;
  private final SiteMetrics metrics;
  private final Map<String, Long> frames = new HashMap<>();

  private boolean connected;
  private long sinceMillis;
  private String reason = "";
  private long malformed;
  private boolean siteChanged = true;
  private boolean leadersChanged;
  private Optional<HealthReader.Reading> brokerHealth = Optional.empty();
  private long brokerMillis;

  SiteState(Topics topics, String broker, long nowMillis) {
    this.topics = topics;
    this.broker = broker;
    this.sinceMillis = nowMillis;
    this.history = new HourHistory(nowMillis);
    this.metrics = new SiteMetrics(topics.site());
  }

  /** Returns the subscriptions to all messages of a site except frames, including retained ones. */
  static List<Subscription> subscriptions(Topics topics) {
    List<Subscription> all = new ArrayList<>();
    all.add(Subscription.withRetained(topics.resultFilter()));
    for (Role role : Role.values()) {
      for (StatusKind kind : StatusKind.values()) {
        all.add(Subscription.withRetained(topics.statusFilter(role, kind)));
      }
    }
    all.add(Subscription.withRetained(topics.trustFilter()));
    all.add(Subscription.withRetained(topics.brokerHealth()));
    return all;
  }

  /**
   * Applies a message of {@link #subscriptions} and ignores any other.
   *
   * @return the result, if the message is a valid one
   */
  Optional<Result> hear(Message message, long now) {
    if (message.topic().equals(topics.brokerHealth())) {
      brokerHealth(message, now);
      return Optional.empty();
    }
    Address address = topics.parse(message.topic());
    if (address instanceof Address.Status of) {
      status(of, message, now);
    } else if (address instanceof Address.Trust of) {
      trust(of.worker(), message.payload());
    }
    return address instanceof Address.Result of
        ? result(of.camera(), message, now)
        : Optional.empty();
  }

  /** Marks the fleet's state as unknown until new messages arrive. */
  void connected(long now) {
    connected = true;
    sinceMillis = now;
    reason = "";
    fleet.connected();
    siteChanged = true;
    leadersChanged = true;
  }

  void disconnected(long now, String why) {
    if (connected || reason.isEmpty()) {
      sinceMillis = now;
    }
    connected = false;
    reason = PrintableText.line(why, MAX_REASON);
    siteChanged = true;
  }

  /** Applies a result; returns empty if it is malformed. */
  private Optional<Result> result(String camera, Message message, long now) {
    if (message.payload().isEmpty()) {
      cameras.remove(camera);
      leadersChanged = true;
      return Optional.empty();
    }
    try {
      if (message.payload().size() > MAX_RESULT_BYTES) {
        throw new MalformedException("a result of " + message.payload().size() + " bytes");
      }
      Result result = results.decode(message.payload());
      if (!result.camera().equals(camera)) {
        throw new MalformedException("its camera differs from the topic: " + result.camera());
      }
      if (result.repeated()) {
        return Optional.of(result);
      }
      leadersChanged |= cameras.find(camera).isEmpty();
      cameras.touch(camera).result(result, message.retain() ? decided(result, now) : now);
      if (!message.retain()) {
        history.result(result);
        metrics.result(result);
        result.answered().forEach(vote -> fleet.voted(vote, now));
      }
      return Optional.of(result);
    } catch (MalformedException e) {
      malformed();
      return Optional.empty();
    }
  }

  private static long decided(Result result, long now) {
    try {
      return HealthReader.believed(result.ts().toEpochMilli(), now);
    } catch (ArithmeticException e) {
      return 0;
    }
  }

  /**
   * Records a frame.
   *
   * @return whether to make its thumbnail: at most one per {@code spacing} milliseconds
   */
  boolean frame(String camera, long now, int spacing) {
    if (cameras.find(camera).isEmpty()) {
      cameras.touch(camera).heard(now);
      leadersChanged = true;
    }
    Long last = frames.get(camera);
    if (last != null && now >= last && now - last < spacing) {
      return false;
    }
    frames.put(camera, now);
    return true;
  }

  void picture(PictureDesk.Done done) {
    if (cameras.find(done.camera()).isEmpty()) {
      return;
    }
    CameraCard card = cameras.touch(done.camera());
    if (done.version() > 0) {
      card.picture(done.version(), done.millis());
    } else {
      card.pictureFailed(done.error());
    }
  }

  /**
   * Removes and returns the cameras without a card, once more than {@value #MAX_CAMERAS} cameras
   * with frames are recorded.
   */
  List<String> evictedCameras() {
    if (frames.size() <= MAX_CAMERAS) {
      return List.of();
    }
    List<String> gone =
        frames.keySet().stream().filter(each -> cameras.find(each).isEmpty()).toList();
    gone.forEach(frames::remove);
    return gone;
  }

  private void status(Address.Status of, Message message, long now) {
    try {
      fleet.status(of, message, now);
      leadersChanged |= of.role() == Role.AGGREGATOR;
    } catch (MalformedException e) {
      malformed();
    }
  }

  private void trust(String worker, Bytes payload) {
    try {
      fleet.trust(worker, payload);
    } catch (MalformedException e) {
      malformed();
    }
  }

  private void brokerHealth(Message message, long now) {
    try {
      HealthReader.Reading reading = HealthReader.read(message.payload());
      brokerHealth = Optional.of(reading);
      brokerMillis = message.retain() ? reading.believedMillis(now) : now;
      siteChanged = true;
    } catch (MalformedException e) {
      malformed();
    }
  }

  /** Counts a malformed message. */
  void malformed() {
    malformed++;
    siteChanged = true;
  }

  Optional<HourHistory.Step> closeStep(long now) {
    return history.closeDue(now);
  }

  boolean hasChanged() {
    return siteChanged || leadersChanged || cameras.hasChanged() || fleet.hasChanged();
  }

  /**
   * Finds the aggregator that publishes the results of each camera by rendezvous hashing, as the
   * aggregators do.
   */
  private void findLeaders() {
    leadersChanged = false;
    List<String> ready = fleet.readyAggregators();
    Map<String, List<String>> led = new HashMap<>();
    for (CameraCard camera : cameras.all()) {
      Optional<String> leader = RendezvousHash.order(camera.name(), ready).stream().findFirst();
      leader.ifPresent(
          each -> led.computeIfAbsent(each, any -> new ArrayList<>()).add(camera.name()));
      if (camera.led(leader.orElse(""))) {
        cameras.touch(camera.name());
      }
    }
    for (AggregatorCard card : fleet.aggregators().all()) {
      List<String> own = led.getOrDefault(card.name(), List.of()).stream().sorted().toList();
      if (card.leads(own)) {
        fleet.aggregators().touch(card.name());
      }
    }
  }

  /**
   * Returns the event with all due changes; empty if there are none.
   *
   * @param step that was closed just now
   * @param beat whether to send the time in any case
   */
  Optional<Bytes> changes(long nanos, long now, Optional<HourHistory.Step> step, boolean beat) {
    if (leadersChanged) {
      findLeaders();
    }
    Map<String, Optional<CameraCard>> dueCameras = cameras.takeDue(nanos);
    Map<String, Optional<BoardCard>> dueBoards = fleet.boards().takeDue(nanos);
    Map<String, Optional<AggregatorCard>> dueAggregators = fleet.aggregators().takeDue(nanos);
    boolean nothing =
        dueCameras.isEmpty() && dueBoards.isEmpty() && dueAggregators.isEmpty() && !siteChanged;
    if (nothing && step.isEmpty() && !beat) {
      return Optional.empty();
    }
    boolean withSite = siteChanged || beat || step.isPresent();
    siteChanged = false;
    return Optional.of(
        EventJson.object(
            json -> {
              json.writeNumberField("now", now);
              if (withSite) {
                writeSite(json, now);
              }
              EventJson.write(json, "cameras", dueCameras);
              EventJson.write(json, "boards", dueBoards);
              EventJson.write(json, "aggregators", dueAggregators);
              if (step.isPresent()) {
                history.writeVariants(json);
                json.writeFieldName("row");
                HourHistory.write(json, step.get());
              }
            }));
  }

  /**
   * Returns the first event of a page, with the full state.
   *
   * @param pictures whether its viewer may see thumbnails
   */
  Bytes everything(long now, boolean pictures) {
    if (leadersChanged) {
      findLeaders();
    }
    return EventJson.object(
        json -> {
          json.writeNumberField("now", now);
          json.writeBooleanField("full", true);
          json.writeBooleanField("pictures", pictures);
          writeSite(json, now);
          EventJson.write(json, "cameras", cameras.byName());
          EventJson.write(json, "boards", fleet.boards().byName());
          EventJson.write(json, "aggregators", fleet.aggregators().byName());
          json.writeObjectFieldStart("history");
          history.write(json);
          json.writeEndObject();
        });
  }

  SiteSnapshot snapshot() {
    if (leadersChanged) {
      findLeaders();
    }
    return new SiteSnapshot(
        topics.site(),
        new SiteSnapshot.Link(broker, connected, sinceMillis, reason),
        fleet.boards().all().stream().map(BoardCard::snapshot).toList(),
        fleet.aggregators().all().stream().map(AggregatorCard::snapshot).toList(),
        cameras.all().stream().map(CameraCard::snapshot).toList(),
        brokerHealth.map(
            reading ->
                new SiteSnapshot.Service(
                    broker,
                    connected ? ServiceState.ONLINE : ServiceState.OFFLINE,
                    brokerMillis,
                    reading.uptimeSeconds(),
                    reading.counters())),
        malformed);
  }

  private void writeSite(JsonGenerator json, long now) throws IOException {
    HourHistory.Pulse pulse = history.pulse(now);
    json.writeObjectFieldStart("site");
    json.writeStringField("name", topics.site());
    json.writeStringField("broker", broker);
    json.writeBooleanField("connected", connected);
    json.writeNumberField("since", sinceMillis);
    json.writeStringField("reason", reason);
    json.writeNumberField("malformed", malformed);
    json.writeNumberField("camerasLeftOut", cameras.evicted());
    json.writeNumberField("boardsLeftOut", fleet.boards().evicted());
    json.writeNumberField("rate", CameraCard.number(pulse.rate()));
    json.writeNumberField("p50", CameraCard.number(pulse.p50Millis()));
    json.writeNumberField("p99", CameraCard.number(pulse.p99Millis()));
    if (brokerHealth.isPresent()) {
      Map<String, Long> counters = brokerHealth.get().counters();
      json.writeObjectFieldStart("load");
      json.writeNumberField("heard", brokerMillis);
      json.writeNumberField("dropped", counters.getOrDefault("dropped", 0L));
      json.writeNumberField("refused", counters.getOrDefault("refused", 0L));
      json.writeNumberField("queued", counters.getOrDefault("queued_bytes", 0L));
      json.writeNumberField("kept", counters.getOrDefault("retained_bytes", 0L));
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  SiteMetrics metrics() {
    return metrics;
  }

  /** Returns a result as the reply to an image tried on the page. */
  static Bytes answer(Result result) {
    return EventJson.object(json -> CameraCard.write(json, result));
  }
}
