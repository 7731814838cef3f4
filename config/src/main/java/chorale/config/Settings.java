package chorale.config;

import chorale.protocol.Bytes;
import chorale.protocol.bus.ConnectionSettings;
import java.util.Optional;

/**
 * All settings of one process, validated. Immutable.
 *
 * @param worker present where a variant is named: a worker cannot run without
 * @param replyKey the secret that authenticates replies, shared by workers and aggregator
 */
public record Settings(
    String site,
    ConnectionSettings connection,
    Optional<WorkerSettings> worker,
    AggregatorSettings aggregator,
    BrokerSettings broker,
    PublisherSettings publisher,
    DashboardSettings dashboard,
    Optional<Bytes> replyKey) {}
