package chorale.dashboard;

import chorale.protocol.Labels;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Map;

/** What a board and an aggregator have in common: they announce themselves and count. */
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

  /** Whether it has said what it is. */
  abstract boolean isAnnounced();

  abstract void forgetInfo();

  void health(HealthReader.Reading reading) {
    counters = reading.counters();
    uptimeSeconds = reading.uptimeSeconds();
  }

  /** 0 where it is not among its counters. */
  final long counter(String name) {
    return counters.getOrDefault(name, 0L);
  }

  final boolean counts(String name) {
    return counters.containsKey(name);
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
