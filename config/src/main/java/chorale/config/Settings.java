package chorale.config;

import chorale.protocol.bus.ConnectionSettings;
import java.nio.file.Path;
import java.util.Optional;

/**
 * All settings of one process, validated. Immutable.
 *
 * @param worker present where a variant is named: a worker cannot run without
 */
public record Settings(
    String site,
    ConnectionSettings connection,
    Optional<WorkerSettings> worker,
    AggregatorSettings aggregator,
    BrokerSettings broker,
    PublisherSettings publisher,
    DashboardSettings dashboard,
    KeyFiles keyFiles) {

  /**
   * The files of the keys that sign messages; without them nothing is signed.
   *
   * @param replyKey of the worker, for its replies ({@link KeyFile})
   * @param tensorKey of all workers of a site, for what they hand to each other
   * @param replyKeys of the aggregator: those of all workers ({@link ReplyKeys})
   */
  public record KeyFiles(
      Optional<Path> replyKey, Optional<Path> tensorKey, Optional<Path> replyKeys) {}
}
