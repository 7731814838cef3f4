package chorale.dashboard;

import chorale.protocol.Labels;
import chorale.protocol.PrintableText;
import chorale.protocol.Trust;
import chorale.protocol.WorkerInfo;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The card of a board: its worker's info, counters and inference time. */
final class BoardCard extends ServiceCard {
  /** The counters of frames that this worker did not answer. */
  private static final List<String> DROPPED =
      List.of("inbox_dropped", "failed_overloaded", "failed_expired");

  /** The counter of a worker's resident memory; absent on systems that do not report it. */
  private static final String MEMORY = "resident_bytes";

  private static final String TEMPERATURE = "temperature_millicelsius";

  private static final int MAX_TEXT = 64;
  private static final int MAX_REASON = 200;
  private static final double WEIGHT = 0.1;

  private Optional<WorkerInfo> info = Optional.empty();
  private Optional<Trust> trust = Optional.empty();
  private double inferenceMillis;

  BoardCard(String name) {
    super(name);
  }

  void info(WorkerInfo announced) {
    info = Optional.of(announced);
  }

  /** Sets whether its votes count; empty without a trust message. */
  void trust(Optional<Trust> said) {
    trust = said;
  }

  @Override
  void forgetInfo() {
    info = Optional.empty();
  }

  @Override
  boolean isAnnounced() {
    return info.isPresent();
  }

  /** Updates the moving average of the inference time from a vote. */
  void inference(double millis) {
    inferenceMillis =
        inferenceMillis == 0 ? millis : inferenceMillis + WEIGHT * (millis - inferenceMillis);
  }

  @Override
  void health(HealthReader.Reading reading) {
    super.health(reading);
    if (inferenceMillis == 0 && counter("answered") > 0) {
      inferenceMillis = counter("inference_micros_total") / 1_000.0 / counter("answered");
    }
  }

  SiteSnapshot.Board snapshot() {
    String variant =
        info.map(known -> PrintableText.line(known.author().variant(), MAX_TEXT)).orElse("");
    return new SiteSnapshot.Board(service(), variant, inferenceMillis, trust);
  }

  @Override
  void write(JsonGenerator json) throws IOException {
    super.write(json);
    json.writeNumberField("inference", CameraCard.number(inferenceMillis));
    json.writeNumberField("frames", counter("answered"));
    json.writeNumberField("dropped", DROPPED.stream().mapToLong(this::counter).sum());
    if (counts(MEMORY)) {
      json.writeNumberField("memory", counter(MEMORY));
    }
    if (counts(TEMPERATURE)) {
      json.writeNumberField("celsius", CameraCard.number(counter(TEMPERATURE) / 1_000.0));
    }
    if (trust.filter(each -> each.isQuarantined() || each.isSuspected()).isPresent()) {
      Trust doubt = trust.get();
      json.writeBooleanField("quarantined", doubt.isQuarantined());
      json.writeStringField("doubt", PrintableText.line(doubt.reason(), MAX_REASON));
      json.writeStringField("doubtBy", PrintableText.line(doubt.by(), MAX_TEXT));
    }
    if (info.isPresent()) {
      WorkerInfo known = info.get();
      json.writeStringField("variant", PrintableText.line(known.author().variant(), MAX_TEXT));
      json.writeStringField("model", PrintableText.line(known.modelSet(), MAX_TEXT));
      json.writeStringField("digest", "%016x".formatted(known.author().modelDigest()));
      json.writeNumberField("input", known.author().inputSize());
      json.writeNumberField("factor", CameraCard.number(known.boardFactor()));
      json.writeNumberField("benchmark", CameraCard.number(known.selfBenchmarkMillis()));
      json.writeStringField("strategy", Labels.of(known.assignment().strategy()));
      json.writeStringField("version", PrintableText.line(known.version(), MAX_TEXT));
    }
  }
}
