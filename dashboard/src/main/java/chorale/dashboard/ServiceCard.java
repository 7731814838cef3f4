package chorale.dashboard;

import chorale.protocol.Labels;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Map;

/** The common part of boards and aggregators: state, counters and uptime. */
abstract class ServiceCard extends Card {
  private ServiceState state = ServiceState.UNKNOWN;
  private Map<String, Long> counters = Map.of();
  private long uptimeSeconds;

  ServiceCard(String name) {
    super(name);
  }

  final void state(ServiceState now) {
    state = now;
  }

  final ServiceState state() {
    return state;
  }

  /** Returns whether its info is known. */
  abstract boolean isAnnounced();

  abstract void forgetInfo();

  void health(HealthReader.Reading reading) {
    counters = reading.counters();
    uptimeSeconds = reading.uptimeSeconds();
  }

  /** Returns the value of a counter, 0 if absent. */
  final long counter(String name) {
    return counters.getOrDefault(name, 0L);
  }

  final boolean counts(String name) {
    return counters.containsKey(name);
  }

  final SiteSnapshot.Service service() {
    return new SiteSnapshot.Service(name(), state, heardMillis(), uptimeSeconds, counters);
  }

  @Override
  void write(JsonGenerator json) throws IOException {
    json.writeStringField("state", Labels.of(state));
    json.writeNumberField("heard", heardMillis());
    if (!counters.isEmpty()) {
      json.writeNumberField("uptime", uptimeSeconds);
    }
  }
}
