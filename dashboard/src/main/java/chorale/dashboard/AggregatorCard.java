package chorale.dashboard;

import chorale.protocol.AggregatorInfo;
import chorale.protocol.Labels;
import chorale.protocol.PrintableText;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The card of an aggregator: its state in the group, and the cameras that it publishes results for.
 */
final class AggregatorCard extends ServiceCard {
  private static final int MAX_NAMES = 12;
  private static final int MAX_TEXT = 64;

  private Optional<AggregatorInfo> info = Optional.empty();
  private List<String> leads = List.of();

  AggregatorCard(String name) {
    super(name);
  }

  void info(AggregatorInfo announced) {
    info = Optional.of(announced);
  }

  @Override
  void forgetInfo() {
    info = Optional.empty();
  }

  @Override
  boolean isAnnounced() {
    return info.isPresent();
  }

  /** Returns whether it publishes results. */
  boolean isReady() {
    return state() == ServiceState.ONLINE
        && info.filter(each -> each.state() == AggregatorInfo.State.READY).isPresent();
  }

  /**
   * Sets the cameras that it leads.
   *
   * @return whether they changed
   */
  boolean leads(List<String> cameras) {
    boolean changes = !leads.equals(cameras);
    leads = List.copyOf(cameras);
    return changes;
  }

  SiteSnapshot.Aggregator snapshot() {
    String part = info.map(known -> Labels.of(known.state())).orElse("");
    int withstand = info.map(AggregatorInfo::withstand).orElse(0);
    return new SiteSnapshot.Aggregator(service(), part, leads, withstand);
  }

  @Override
  void write(JsonGenerator json) throws IOException {
    super.write(json);
    json.writeNumberField("leads", leads.size());
    json.writeArrayFieldStart("leading");
    for (String camera : leads.subList(0, Math.min(MAX_NAMES, leads.size()))) {
      json.writeString(camera);
    }
    json.writeEndArray();
    json.writeNumberField("late", counter("late"));
    json.writeNumberField("dropped", counter("inbox_dropped") + counter("frames_overloaded"));
    if (info.isPresent()) {
      AggregatorInfo known = info.get();
      json.writeStringField("part", Labels.of(known.state()));
      json.writeNumberField("deadline", known.deadlineMillis());
      json.writeStringField("fusion", PrintableText.line(known.fusion(), MAX_TEXT));
      json.writeStringField("version", PrintableText.line(known.version(), MAX_TEXT));
    }
  }
}
