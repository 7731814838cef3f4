package chorale.aggregator;

import chorale.protocol.Address;
import chorale.protocol.Ask;
import chorale.protocol.AskCodec;
import chorale.protocol.Bytes;
import chorale.protocol.MalformedException;
import chorale.protocol.Message;
import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import chorale.protocol.ResultCodec;
import chorale.protocol.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The history of a simulation, as recorded by a perfect observer. */
final class History {
  final Map<RequestKey, Frame> frames = new LinkedHashMap<>();
  final List<Heard> heard = new ArrayList<>();
  final List<Seen> seen = new ArrayList<>();
  final List<Trouble> troubles = new ArrayList<>();
  final List<Ended> ended = new ArrayList<>();
  final List<Asked> asked = new ArrayList<>();

  /** Times at which an aggregator announced itself or left. */
  final List<Long> announced = new ArrayList<>();

  final Optional<ModelTiers> tiers;

  /** The retained results at the end, by camera. */
  final Map<String, Result> retained = new LinkedHashMap<>();

  long lastPublished;
  private final ResultCodec codec = new ResultCodec();

  History(Optional<ModelTiers> tiers) {
    this.tiers = tiers;
  }

  /**
   * A frame, perhaps published several times.
   *
   * @param retry whether it has correlation data: publishing it again is no new request
   */
  record Frame(
      RequestKey key,
      String camera,
      Bytes image,
      int budgetMillis,
      boolean retry,
      List<Long> published) {

    /** Returns when the request of a copy received now began; a late result may be its answer. */
    long requested(long nanos) {
      long began = published.get(0);
      for (long each : published) {
        if (!retry && nanos - each >= 0 && each - began > Scenario.NEW_REQUEST_NANOS) {
          began = each - EARLY_NANOS;
        }
      }
      return began;
    }

    /** Returns whether it was published again as a retry. */
    boolean isRetried() {
      return retry && published.size() > 1;
    }

    /** Returns the allowed number of results that are not marked repeated. */
    int requests() {
      return retry ? 1 : published.size();
    }
  }

  /** A result that arrives at most this long before a frame counts as the frame's result. */
  private static final long EARLY_NANOS = GroupRules.STANDARD.earlyResult().toNanos();

  /** An aggregator received a frame. */
  record Heard(String aggregator, RequestKey key, long nanos) {}

  /** The observer saw a result. */
  record Seen(Result result, long nanos) {}

  /** An ask to a tier reached the broker. */
  record Asked(String client, RequestKey key, int tier, long nanos) {}

  /** A fault of an aggregator, from its start to its end; recovery takes some time after that. */
  record Trouble(String aggregator, Kind kind, long from, long until) {
    enum Kind {
      KILLED,
      LEFT,
      CUT,
      HALF_OPEN,
      STOPPED,
      /** No fault, but its memory is empty. */
      STARTED;

      static final List<Kind> FAULTS = List.of(KILLED, LEFT, CUT, HALF_OPEN, STOPPED);

      /** Returns whether it continues afterwards with an outdated view, as a zombie. */
      boolean makesZombies() {
        return this == HALF_OPEN || this == STOPPED;
      }
    }

    boolean overlaps(long start, long end, long recoveryNanos) {
      return from - end <= 0 && until + recoveryNanos - start >= 0;
    }
  }

  /** A run of an aggregator has ended. */
  record Ended(String aggregator, Map<String, Long> counters) {}

  void published(Frame frame, long nanos) {
    frames.computeIfAbsent(frame.key(), key -> frame).published().add(nanos);
    lastPublished = nanos;
  }

  /** A message reached the broker. */
  void sent(String client, Message message, long nanos) {
    Address address = Rig.TOPICS.parse(message.topic());
    if (address instanceof Address.Status status && status.role() == Role.AGGREGATOR) {
      announced.add(nanos);
    } else if (address instanceof Address.Ask to) {
      try {
        Ask ask = AskCodec.decode(message.payload());
        asked.add(new Asked(client, ask.key(), to.tier(), nanos));
      } catch (MalformedException e) {
        throw new AssertionError(e);
      }
    }
  }

  void saw(Message message, long nanos) {
    seen.add(new Seen(decode(message), nanos));
  }

  void keeps(Message message) {
    Result result = decode(message);
    retained.put(result.camera(), result);
  }

  private Result decode(Message message) {
    try {
      return codec.decode(message.payload());
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }
}
