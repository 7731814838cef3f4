package chorale.broker;

import com.google.inject.Injector;
import com.hivemq.configuration.service.ConfigurationService;
import com.hivemq.configuration.service.InternalConfigurations;
import com.hivemq.embedded.EmbeddedHiveMQ;
import com.hivemq.persistence.clientqueue.ClientQueueLocalPersistence;
import com.hivemq.persistence.clientqueue.ClientQueuePersistence;
import java.lang.reflect.Field;
import java.lang.reflect.Method;

/**
 * Parts of HiveMQ 2025.5 that are reached by reflection, because it opens no door to them.
 * Stateless.
 */
final class HiveMqInternals {
  private HiveMqInternals() {}

  /** What it made of its configuration. */
  static ConfigurationService configuration(EmbeddedHiveMQ hiveMq) {
    try {
      Field field = hiveMq.getClass().getDeclaredField("configurationService");
      field.setAccessible(true);
      return (ConfigurationService) field.get(hiveMq);
    } catch (ReflectiveOperationException e) {
      throw unknown(e);
    }
  }

  /** Puts queues of ours in front of its own; before it listens. */
  static ClientQueues replaceQueues(
      EmbeddedHiveMQ hiveMq, QueueBounds bounds, BrokerCounters counters) {
    try {
      Method injector = hiveMq.getClass().getDeclaredMethod("getInjector");
      injector.setAccessible(true);
      ClientQueuePersistence users =
          ((Injector) injector.invoke(hiveMq)).getInstance(ClientQueuePersistence.class);
      Field field = users.getClass().getDeclaredField("localPersistence");
      field.setAccessible(true);
      ClientQueues queues =
          new ClientQueues(
              (ClientQueueLocalPersistence) field.get(users),
              InternalConfigurations.PERSISTENCE_BUCKET_COUNT.get(),
              bounds,
              counters);
      field.set(users, queues);
      return queues;
    } catch (ReflectiveOperationException e) {
      throw unknown(e);
    }
  }

  private static IllegalStateException unknown(ReflectiveOperationException e) {
    return new IllegalStateException("this is not HiveMQ CE 2025.5: " + e.getMessage(), e);
  }
}
