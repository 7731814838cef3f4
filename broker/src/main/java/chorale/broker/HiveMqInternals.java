package chorale.broker;

import com.google.inject.Injector;
import com.hivemq.configuration.service.ConfigurationService;
import com.hivemq.configuration.service.InternalConfigurations;
import com.hivemq.configuration.service.entity.Listener;
import com.hivemq.configuration.service.entity.Tls;
import com.hivemq.configuration.service.entity.TlsListener;
import com.hivemq.embedded.EmbeddedHiveMQ;
import com.hivemq.security.ssl.SslContextStore;
import io.netty.handler.ssl.SslContext;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.function.Function;

/** Access by reflection to parts of HiveMQ 2025.5 that have no public API. Stateless. */
final class HiveMqInternals {
  private HiveMqInternals() {}

  /** Returns the configuration as parsed by HiveMQ. */
  static ConfigurationService configuration(EmbeddedHiveMQ hiveMq) {
    try {
      Field field = hiveMq.getClass().getDeclaredField("configurationService");
      field.setAccessible(true);
      return (ConfigurationService) field.get(hiveMq);
    } catch (ReflectiveOperationException e) {
      throw unknown(e);
    }
  }

  /**
   * Replaces one of HiveMQ's stores by a wrapper; called before the broker listens.
   *
   * @param user the class that uses the store
   * @param ours creates the wrapper of the original store
   */
  static <I, T extends I> T replaceStore(
      EmbeddedHiveMQ hiveMq, Class<?> user, Class<I> type, Function<I, T> ours) {
    try {
      Object users = injector(hiveMq).getInstance(user);
      Field field = users.getClass().getDeclaredField("localPersistence");
      field.setAccessible(true);
      T store = ours.apply(type.cast(field.get(users)));
      field.set(users, store);
      return store;
    } catch (ReflectiveOperationException e) {
      throw unknown(e);
    }
  }

  /** Sets the TLS context of all listeners, before they listen or for new connections. */
  static void useTls(EmbeddedHiveMQ hiveMq, SslContext context) {
    try {
      SslContextStore store = injector(hiveMq).getInstance(SslContextStore.class);
      Field field = SslContextStore.class.getDeclaredField("sslContextMap");
      field.setAccessible(true);
      @SuppressWarnings("unchecked")
      Map<Tls, SslContext> contexts = (Map<Tls, SslContext>) field.get(store);
      for (Listener each : configuration(hiveMq).listenerConfiguration().getListeners()) {
        if (each instanceof TlsListener listener) {
          contexts.put(listener.getTls(), context);
        }
      }
    } catch (ReflectiveOperationException e) {
      throw unknown(e);
    }
  }

  private static Injector injector(EmbeddedHiveMQ hiveMq) throws ReflectiveOperationException {
    Method injector = hiveMq.getClass().getDeclaredMethod("getInjector");
    injector.setAccessible(true);
    return (Injector) injector.invoke(hiveMq);
  }

  /** Returns the number of buckets of each store. */
  static int buckets() {
    return InternalConfigurations.PERSISTENCE_BUCKET_COUNT.get();
  }

  private static IllegalStateException unknown(ReflectiveOperationException e) {
    return new IllegalStateException(
        "the HiveMQ library is not CE 2025.5; build or install Chorale again", e);
  }
}
