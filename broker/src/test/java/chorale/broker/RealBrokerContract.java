package chorale.broker;

import chorale.mqtt.PahoBus;
import chorale.protocol.bus.BrokerAddress;
import chorale.protocol.bus.BusContract;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.ConnectionSettings;
import chorale.protocol.bus.ConnectionSettings.Timing;
import chorale.protocol.bus.CutProxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/** The bus contract over the network; each client connects through a proxy that can be cut. */
abstract class RealBrokerContract extends BusContract {
  private final Map<String, CutProxy> proxies = new HashMap<>();

  abstract int brokerPort();

  @Override
  protected final BusFactory factory() {
    return (session, inbox) -> {
      CutProxy proxy =
          proxies.computeIfAbsent(session.clientId(), id -> new CutProxy(brokerPort()));
      return PahoBus.factory(settings(proxy.port())).open(session, inbox);
    };
  }

  static ConnectionSettings settings(int port) {
    Timing impatient =
        new Timing(
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofMillis(20),
            Duration.ofMillis(200));
    return new ConnectionSettings(
        new BrokerAddress(false, "127.0.0.1", port),
        Optional.empty(),
        Optional.empty(),
        impatient,
        64,
        1000);
  }

  @Override
  protected final void cut(String clientId) {
    proxies.get(clientId).cut();
  }

  @Override
  protected final void restore(String clientId) {
    proxies.get(clientId).restore();
  }

  @AfterEach
  void closeProxies() {
    proxies.values().forEach(CutProxy::close);
  }
}
