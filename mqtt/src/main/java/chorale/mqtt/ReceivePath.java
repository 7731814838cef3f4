package chorale.mqtt;

import java.security.CodeSource;
import java.util.Arrays;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.internal.ClientComms;
import org.eclipse.paho.mqttv5.client.internal.ClientState;
import org.eclipse.paho.mqttv5.client.internal.DirectCallback;
import org.eclipse.paho.mqttv5.common.packet.util.CountingInputStream;
import org.eclipse.paho.mqttv5.common.packet.util.VariableByteInteger;

/**
 * The way of a message from the socket to our callback, shortened: checked at start-up to be in
 * blocks and not byte by byte, and without a thread of Paho's in between. Stateless.
 */
final class ReceivePath {
  private ReceivePath() {}

  /** Throws an {@link IllegalStateException} that names the remedy. */
  static void check() {
    check(CountingInputStream.class);
    try {
      // Classes of one package must agree on their signer. Paho's jar carries a signature that
      // current Java versions no longer accept, so that both count as unsigned.
      Class.forName(VariableByteInteger.class.getName());
    } catch (ClassNotFoundException | SecurityException e) {
      throw new IllegalStateException(
          "this Java accepts the old signature on Paho's jar and so refuses Chorale's class"
              + " beside it: use a current update of Java 17 or later",
          e);
    }
  }

  static void check(Class<?> counting) {
    boolean readsBlocks =
        Arrays.stream(counting.getDeclaredMethods())
            .anyMatch(method -> method.getName().equals("read") && method.getParameterCount() == 3);
    if (!readsBlocks) {
      CodeSource source = counting.getProtectionDomain().getCodeSource();
      throw new IllegalStateException(
          "class path order: "
              + counting.getName()
              + " was loaded from "
              + (source == null ? "the platform" : source.getLocation())
              + ", which receives byte by byte; put chorale-protocol before"
              + " org.eclipse.paho.mqttv5.client on the class path");
    }
  }

  /**
   * Makes the callback hear from the thread that reads; for a client that has not connected yet.
   */
  static void shorten(MqttAsyncClient client, MqttCallback arrivals) {
    ClientComms comms = PahoReflection.get(client, "comms", ClientComms.class);
    ClientState state = PahoReflection.get(comms, "clientState", ClientState.class);
    DirectCallback direct = new DirectCallback(comms, state, arrivals);
    PahoReflection.replace(comms, "callback", direct);
    PahoReflection.replace(state, "callback", direct);
  }
}
