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

  /**
   * Puts a store of ours in front of one of its own; before it listens.
   *
   * @param user what uses the store
   * @param ours made of the store that was there
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

  /**
   * Gives its TLS listeners what they show and ask for, before they listen or for new connections.
   */
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

  /** Into how many parts it divides each store. */
  static int buckets() {
    return InternalConfigurations.PERSISTENCE_BUCKET_COUNT.get();
  }

  private static IllegalStateException unknown(ReflectiveOperationException e) {
    return new IllegalStateException("this is not HiveMQ CE 2025.5: " + e.getMessage(), e);
  }
}
