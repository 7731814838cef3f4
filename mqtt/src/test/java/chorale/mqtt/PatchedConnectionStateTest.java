package chorale.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PatchedConnectionStateTest {
  private PatchedConnectionState state;

  @BeforeEach
  void install() throws MqttException {
    state =
        PatchedConnectionState.install(
            new MqttAsyncClient("tcp://127.0.0.1:1", "test", new MemoryPersistence()));
  }

  @Test
  void receiveMaximum_readSignedByPaho_isUnsigned() {
    state.setReceiveMaximum((int) (short) 65_535);
    assertEquals(65_535, state.receiveMaximum());
    state.setReceiveMaximum((int) (short) 40_000);
    assertEquals(40_000, state.receiveMaximum());
    state.setReceiveMaximum(20);
    assertEquals(20, state.receiveMaximum());
    assertEquals(65_535, state.getReceiveMaximum(), "Paho's own limit stays out of the way");
  }

  @Test
  void receiveMaximum_brokerNamesNone_isTheStandardsDefault() {
    state.setReceiveMaximum(null);
    assertEquals(65_535, state.receiveMaximum());
  }

  @Test
  void topicAliasMaximum_brokerOffersSome_isNone() {
    state.setOutgoingTopicAliasMaximum(10);
    assertEquals(0, state.getOutgoingTopicAliasMaximum());
  }

  @Test
  void maximumPacketSizes_askedForByPahosSwappedNames_areTheRightOnes() {
    state.setOutgoingMaximumPacketSize(1000L);
    state.setIncomingMaximumPacketSize(2000L);
    assertEquals(Optional.of(1000L), state.brokerMaximumPacketSize());
    // ClientState.getOutgoingMaximumPacketSize asks getIncoming..., and the other way round.
    assertEquals(1000L, state.getIncomingMaximumPacketSize());
    assertEquals(2000L, state.getOutgoingMaximumPacketSize());
  }
}
