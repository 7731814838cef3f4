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
import chorale.protocol.StatusCodec;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What is known of a site, in cards, and the events in which pages get it (JSON,
 * docs/dashboard.md). A message that cannot be read is counted and changes nothing. Owned by the
 * dashboard's thread.
 */
final class SiteState {
  static final int MAX_CAMERAS = 300;
  static final int MAX_BOARDS = 100;
  static final int MAX_AGGREGATORS = 32;

  /** The largest result that is read. */
  private static final int MAX_RESULT_BYTES = 256 * 1024;

  private static final int MAX_REASON = 200;

  /** A clock that runs this much ahead of ours is not believed. */
  private static final long MAX_AHEAD_MILLIS = 1_000;

  private static final long SPACING = TimeUnit.MILLISECONDS.toNanos(Dashboard.CARD_MILLIS);
  private static final JsonFactory JSON = new JsonFactory();

  private final String name;
  private final String broker;
  private final ResultCodec results = new ResultCodec();
  private final StatusCodec statuses = new StatusCodec();

  private final CardTable<CameraCard> cameras =
      new CardTable<>(MAX_CAMERAS, SPACING, CameraCard::new);
  private final CardTable<BoardCard> boards = new CardTable<>(MAX_BOARDS, SPACING, BoardCard::new);
  private final CardTable<AggregatorCard> aggregators =
      new CardTable<>(MAX_AGGREGATORS, SPACING, AggregatorCard::new);
  private final HourHistory history;
  private final Map<String, Long> frames = new HashMap<>();

  private boolean connected;
  private long sinceMillis;
  private String reason = "";
  private long malformed;
  private boolean siteChanged = true;
  private boolean leadersChanged;
  private Optional<HealthReader.Reading> brokerHealth = Optional.empty();
  private long brokerMillis;

  @FunctionalInterface
  private interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  SiteState(String name, String broker, long nowMillis) {
    this.name = name;
    this.broker = broker;
    this.sinceMillis = nowMillis;
    this.history = new HourHistory(nowMillis);
  }

  /** What was known stays, and counts as old until it is heard again. */
  void connected(long now) {
    connected = true;
    sinceMillis = now;
    reason = "";
    boards.all().forEach(card -> card.state(ServiceState.UNKNOWN));
    aggregators.all().forEach(card -> card.state(ServiceState.UNKNOWN));
    boards.touchAll();
    aggregators.touchAll();
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

  /** A result that came; empty if it cannot be read. */
  Optional<Result> result(String camera, Message message, long now) {
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
        throw new MalformedException("it is of camera " + result.camera());
      }
      if (result.repeated()) {
        return Optional.of(result);
      }
      leadersChanged |= cameras.find(camera).isEmpty();
      cameras.touch(camera).result(result, message.retain() ? decided(result, now) : now);
      if (!message.retain()) {
        history.result(result);
        result.answered().forEach(vote -> voted(vote, now));
      }
      return Optional.of(result);
    } catch (MalformedException e) {
      malformed();
      return Optional.empty();
    }
  }

  private static long decided(Result result, long now) {
    try {
      return believed(result.ts().toEpochMilli(), now);
    } catch (ArithmeticException e) {
      return 0;
    }
  }

  private static long believed(long millis, long now) {
    return millis > now + MAX_AHEAD_MILLIS ? now : Math.max(0, millis);
  }

  private void voted(Result.Answered vote, long now) {
    if (boards.find(vote.worker()).isPresent()) {
      BoardCard card = boards.touch(vote.worker());
      card.heard(now);
      card.inference(CameraCard.number(vote.inferenceMillis()));
    }
  }

  /**
   * A frame passed by.
   *
   * @return whether its picture is to be made: not sooner than {@code spacing} after the last
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

  /** Cameras whose frames were seen and that have no card any more. */
  List<String> evictedCameras() {
    if (frames.size() <= MAX_CAMERAS) {
      return List.of();
    }
    List<String> gone =
        frames.keySet().stream().filter(each -> cameras.find(each).isEmpty()).toList();
    gone.forEach(frames::remove);
    return gone;
  }

  void status(Address.Status of, Message message, long now) {
    try {
      if (of.role() == Role.WORKER) {
        board(of, message, now);
      } else {
        aggregator(of, message, now);
      }
    } catch (MalformedException e) {
      malformed();
    }
  }

  private void board(Address.Status of, Message message, long now) throws MalformedException {
    Bytes payload = message.payload();
    if (payload.isEmpty() && boards.find(of.name()).isEmpty()) {
      return;
    }
    switch (of.kind()) {
      case AVAILABILITY -> available(boards.touch(of.name()), message, now);
      case HEALTH -> health(of.name(), boards, message, now);
      case INFO -> {
        if (payload.isEmpty()) {
          boards.touch(of.name()).forgetInfo();
        } else {
          var info = statuses.decodeWorkerInfo(payload);
          require(of.name(), info.author().worker());
          boards.touch(of.name()).info(info);
        }
      }
    }
    if (boards.find(of.name()).filter(BoardCard::isNothing).isPresent() && payload.isEmpty()) {
      boards.remove(of.name());
    }
  }

  private void aggregator(Address.Status of, Message message, long now) throws MalformedException {
    Bytes payload = message.payload();
    if (payload.isEmpty() && aggregators.find(of.name()).isEmpty()) {
      return;
    }
    switch (of.kind()) {
      case AVAILABILITY -> available(aggregators.touch(of.name()), message, now);
      case HEALTH -> health(of.name(), aggregators, message, now);
      case INFO -> {
        if (payload.isEmpty()) {
          aggregators.touch(of.name()).forgetInfo();
        } else {
          var info = statuses.decodeAggregatorInfo(payload);
          require(of.name(), info.name());
          aggregators.touch(of.name()).info(info);
        }
      }
    }
    if (aggregators.find(of.name()).filter(AggregatorCard::isNothing).isPresent()
        && payload.isEmpty()) {
      aggregators.remove(of.name());
    }
    leadersChanged = true;
  }

  private static void require(String topic, String content) throws MalformedException {
    if (!topic.equals(content)) {
      throw new MalformedException("it says that it is of " + content);
    }
  }

  private static void available(ServiceCard card, Message message, long now) {
    boolean online = message.payload().equals(StatusCodec.ONLINE);
    card.state(online ? ServiceState.ONLINE : ServiceState.OFFLINE);
    if (!message.retain() && online) {
      card.heard(now);
    }
  }

  private static <C extends ServiceCard> void health(
      String name, CardTable<C> table, Message message, long now) throws MalformedException {
    if (message.payload().isEmpty()) {
      return;
    }
    HealthReader.Reading reading = HealthReader.read(message.payload());
    C card = table.touch(name);
    card.health(reading);
    card.heard(message.retain() ? believed(reading.millis(), now) : now);
  }

  void brokerHealth(Message message, long now) {
    try {
      HealthReader.Reading reading = HealthReader.read(message.payload());
      brokerHealth = Optional.of(reading);
      brokerMillis = message.retain() ? believed(reading.millis(), now) : now;
      siteChanged = true;
    } catch (MalformedException e) {
      malformed();
    }
  }

  private void malformed() {
    malformed++;
    siteChanged = true;
  }

  Optional<HourHistory.Step> closeStep(long now) {
    return history.closeDue(now);
  }

  boolean hasChanged() {
    return siteChanged
        || leadersChanged
        || cameras.hasChanged()
        || boards.hasChanged()
        || aggregators.hasChanged();
  }

  /** Which aggregator publishes the results of which camera, as the group itself decides it. */
  private void findLeaders() {
    leadersChanged = false;
    List<String> ready =
        aggregators.all().stream()
            .filter(AggregatorCard::isReady)
            .map(AggregatorCard::name)
            .toList();
    Map<String, List<String>> led = new HashMap<>();
    for (CameraCard camera : cameras.all()) {
      Optional<String> leader = RendezvousHash.order(camera.name(), ready).stream().findFirst();
      leader.ifPresent(
          each -> led.computeIfAbsent(each, any -> new ArrayList<>()).add(camera.name()));
      if (camera.led(leader.orElse(""))) {
        cameras.touch(camera.name());
      }
    }
    for (AggregatorCard card : aggregators.all()) {
      List<String> own = led.getOrDefault(card.name(), List.of()).stream().sorted().toList();
      if (card.leads(own)) {
        aggregators.touch(card.name());
      }
    }
  }

  /**
   * The event with what changed and is due; empty if that is nothing.
   *
   * @param step that was closed just now
   * @param beat whether the time is to be sent in any case
   */
  Optional<Bytes> changes(long nanos, long now, Optional<HourHistory.Step> step, boolean beat) {
    if (leadersChanged) {
      findLeaders();
    }
    Map<String, Optional<CameraCard>> dueCameras = cameras.takeDue(nanos);
    Map<String, Optional<BoardCard>> dueBoards = boards.takeDue(nanos);
    Map<String, Optional<AggregatorCard>> dueAggregators = aggregators.takeDue(nanos);
    boolean nothing =
        dueCameras.isEmpty() && dueBoards.isEmpty() && dueAggregators.isEmpty() && !siteChanged;
    if (nothing && step.isEmpty() && !beat) {
      return Optional.empty();
    }
    boolean withSite = siteChanged || beat || step.isPresent();
    siteChanged = false;
    return Optional.of(
        event(
            json -> {
              json.writeNumberField("now", now);
              if (withSite) {
                writeSite(json, now);
              }
              write(json, "cameras", dueCameras);
              write(json, "boards", dueBoards);
              write(json, "aggregators", dueAggregators);
              if (step.isPresent()) {
                history.writeVariants(json);
                json.writeFieldName("row");
                HourHistory.write(json, step.get());
              }
            }));
  }

  /**
   * The event with which a page begins.
   *
   * @param pictures whether its viewer may see them
   */
  Bytes everything(long now, boolean pictures) {
    if (leadersChanged) {
      findLeaders();
    }
    return event(
        json -> {
          json.writeNumberField("now", now);
          json.writeBooleanField("full", true);
          json.writeBooleanField("pictures", pictures);
          writeSite(json, now);
          write(json, "cameras", all(cameras));
          write(json, "boards", all(boards));
          write(json, "aggregators", all(aggregators));
          json.writeObjectFieldStart("history");
          history.write(json);
          json.writeEndObject();
        });
  }

  private static <C extends Card> Map<String, Optional<C>> all(CardTable<C> table) {
    Map<String, Optional<C>> all = new HashMap<>();
    table.all().forEach(card -> all.put(card.name(), Optional.of(card)));
    return all;
  }

  private static <C extends Card> void write(
      JsonGenerator json, String field, Map<String, Optional<C>> cards) throws IOException {
    if (cards.isEmpty()) {
      return;
    }
    json.writeObjectFieldStart(field);
    for (Map.Entry<String, Optional<C>> each : cards.entrySet()) {
      json.writeFieldName(each.getKey());
      if (each.getValue().isPresent()) {
        json.writeStartObject();
        each.getValue().get().write(json);
        json.writeEndObject();
      } else {
        json.writeNull();
      }
    }
    json.writeEndObject();
  }

  private void writeSite(JsonGenerator json, long now) throws IOException {
    HourHistory.Pulse pulse = history.pulse(now);
    json.writeObjectFieldStart("site");
    json.writeStringField("name", name);
    json.writeStringField("broker", broker);
    json.writeBooleanField("connected", connected);
    json.writeNumberField("since", sinceMillis);
    json.writeStringField("reason", reason);
    json.writeNumberField("malformed", malformed);
    json.writeNumberField("camerasLeftOut", cameras.evicted());
    json.writeNumberField("boardsLeftOut", boards.evicted());
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

  /** A result as the answer to a picture that somebody tried. */
  static Bytes answer(Result result) {
    return event(json -> CameraCard.write(json, result));
  }

  private static Bytes event(Fields fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(4096);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("a generator in memory does not fail", e);
    }
    return Bytes.wrap(out.toByteArray());
  }
}
