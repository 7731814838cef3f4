package chorale.config;

import chorale.protocol.bus.ConnectionSettings;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The validated settings of one process. Immutable.
 *
 * @param worker present only if a variant is set, which a worker needs
 */
public record Settings(
    String site,
    ConnectionSettings connection,
    Optional<WorkerSettings> worker,
    AggregatorSettings aggregator,
    BrokerSettings broker,
    PublisherSettings publisher,
    DashboardSettings dashboard,
    MetricsSettings metrics,
    LogFormat logFormat,
    KeyFiles keyFiles) {

  /**
   * The key files for signed messages. Without them messages are not signed.
   *
   * @param replyKey key of the worker, for its replies ({@link KeyFile})
   * @param tensorKey shared key of a site's workers, for tensors between stages
   * @param replyKeys keys of all workers, for the aggregator ({@link ReplyKeys})
   */
  public record KeyFiles(
      Optional<Path> replyKey, Optional<Path> tensorKey, Optional<Path> replyKeys) {}
}
