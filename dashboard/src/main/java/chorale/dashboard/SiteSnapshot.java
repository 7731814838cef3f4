package chorale.dashboard;

import chorale.protocol.Result;
import chorale.protocol.Trust;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A snapshot of a site, for metrics and text views. Immutable. Times are milliseconds since the
 * epoch by the observer's clock; 0: never.
 *
 * @param broker counters of the embedded broker; absent with another broker
 * @param malformed number of malformed messages
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
   * @param sinceMillis time of the last change
   * @param reason why it is lost
   */
  public record Link(String address, boolean connected, long sinceMillis, String reason) {}

  /** The common part of boards, aggregators and the broker. */
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
   * @param variant empty without an info message
   * @param trust whether its votes count; empty without a trust message
   */
  public record Board(
      Service service, String variant, double inferenceMillis, Optional<Trust> trust) {}

  /**
   * An aggregator.
   *
   * @param part state in the group: joining, ready, leaving; empty without an info message
   * @param leads cameras that it publishes results for
   * @param withstand number of lying boards that it assumes; 0: no quarantine
   */
  public record Aggregator(Service service, String part, List<String> leads, int withstand) {
    public Aggregator {
      leads = List.copyOf(leads);
    }

    public boolean isReady() {
      return service.isOnline() && part.equals("ready");
    }
  }

  /** A camera with its last result. */
  public record Camera(String name, Optional<Result> result, long resultMillis) {}
}
