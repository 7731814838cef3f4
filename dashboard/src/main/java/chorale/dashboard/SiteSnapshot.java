package chorale.dashboard;

import chorale.protocol.Result;
import chorale.protocol.Trust;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of a site at one moment, for metrics and for views that are no page. Immutable.
 * Times are milliseconds since the epoch by the clock of whoever watches; 0: never.
 *
 * @param broker what the embedded broker counts; absent with another broker
 * @param malformed messages that could not be read
 */
public record SiteSnapshot(
    String site,
    Link link,
    List<Board> boards,
    List<Aggregator> aggregators,
    List<Camera> cameras,
    Optional<Service> broker,
    long malformed) {

  public SiteSnapshot {
    boards = List.copyOf(boards);
    aggregators = List.copyOf(aggregators);
    cameras = List.copyOf(cameras);
  }

  /**
   * The connection to the broker.
   *
   * @param sinceMillis when it came to be as it is
   * @param reason why it is lost
   */
  public record Link(String address, boolean connected, long sinceMillis, String reason) {}

  /** What boards, aggregators and the broker have in common. */
  public record Service(
      String name,
      ServiceState state,
      long heardMillis,
      long uptimeSeconds,
      Map<String, Long> counters) {
    public Service {
      counters = Map.copyOf(counters);
    }

    public boolean isOnline() {
      return state == ServiceState.ONLINE;
    }
  }

  /**
   * A board.
   *
   * @param variant empty if it has not announced itself
   * @param trust whether its votes count; empty: nobody has said anything of it
   */
  public record Board(
      Service service, String variant, double inferenceMillis, Optional<Trust> trust) {}

  /**
   * An aggregator.
   *
   * @param part in the group: joining, ready, leaving; empty if it has not announced itself
   * @param leads the cameras whose results it publishes
   * @param withstand boards that it assumes may lie; 0: it quarantines none
   */
  public record Aggregator(Service service, String part, List<String> leads, int withstand) {
    public Aggregator {
      leads = List.copyOf(leads);
    }

    public boolean isReady() {
      return service.isOnline() && part.equals("ready");
    }
  }

  /** A camera, and its last result. */
  public record Camera(String name, Optional<Result> result, long resultMillis) {}
}
