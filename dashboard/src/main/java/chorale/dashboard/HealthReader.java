package chorale.dashboard;

import chorale.protocol.Bytes;
import chorale.protocol.Limits;
import chorale.protocol.MalformedException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** A reader of the counters that services publish (docs/protocol.md). Thread-safe. */
final class HealthReader {
  /** Maximum number of counters; further ones are ignored. */
  private static final int MAX_COUNTERS = 200;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /**
   * One health message.
   *
   * @param millis time of writing, by the service's clock
   */
  record Reading(long millis, long uptimeSeconds, Map<String, Long> counters) {
    Reading {
      counters = Map.copyOf(counters);
    }

    /** Returns the time of writing, at most {@code now}. */
    long believedMillis(long now) {
      return believed(millis, now);
    }
  }

  private HealthReader() {}

  /** Limits a time from another clock to 0..now. */
  static long believed(long millis, long now) {
    return Math.max(0, Math.min(millis, now));
  }

  static Reading read(Bytes payload) throws MalformedException {
    if (payload.size() > Limits.MAX_STATUS_BYTES) {
      throw new MalformedException("health of " + payload.size() + " bytes (allowed: 65536)");
    }
    try {
      JsonNode json = MAPPER.readTree(payload.sharedArray());
      if (!json.path("counters").isObject()) {
        throw new MalformedException("missing object 'counters'");
      }
      Map<String, Long> counters = new TreeMap<>();
      for (Map.Entry<String, JsonNode> counter : json.path("counters").properties()) {
        if (counters.size() < MAX_COUNTERS) {
          counters.put(counter.getKey(), counter.getValue().asLong());
        }
      }
      return new Reading(
          Instant.parse(json.path("ts").asText()).toEpochMilli(),
          json.path("uptime_s").asLong(),
          counters);
    } catch (IOException | DateTimeException | ArithmeticException e) {
      throw new MalformedException(String.valueOf(e.getMessage()));
    }
  }
}
