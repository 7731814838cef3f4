package chorale.broker;

import com.hivemq.extension.sdk.api.events.client.ClientLifecycleEventListener;
import com.hivemq.extension.sdk.api.events.client.parameters.AuthenticationSuccessfulInput;
import com.hivemq.extension.sdk.api.events.client.parameters.ConnectionStartInput;
import com.hivemq.extension.sdk.api.events.client.parameters.DisconnectEventInput;
import com.hivemq.extension.sdk.api.events.client.parameters.ServerInitiatedDisconnectInput;
import com.hivemq.extension.sdk.api.packets.general.DisconnectedReasonCode;
import java.util.Locale;

/**
 * A listener that reports when the broker closes the connection of an accepted client. Called by
 * HiveMQ's threads.
 */
final class ClientEvents implements ClientLifecycleEventListener {
  private final BrokerLog log;

  ClientEvents(BrokerLog log) {
    this.log = log;
  }

  @Override
  public void onMqttConnectionStart(ConnectionStartInput input) {}

  @Override
  public void onAuthenticationSuccessful(AuthenticationSuccessfulInput input) {}

  @Override
  public void onDisconnect(DisconnectEventInput input) {}

  @Override
  public void onServerInitiatedDisconnect(ServerInitiatedDisconnectInput input) {
    DisconnectedReasonCode code =
        input.getReasonCode().orElse(DisconnectedReasonCode.UNSPECIFIED_ERROR);
    String clientId = input.getClientInformation().getClientId();
    Who who =
        Who.of(
            clientId,
            AccessRules.user(input.getConnectionInformation()),
            input.getConnectionInformation());
    switch (code) {
      case SERVER_SHUTTING_DOWN, KEEP_ALIVE_TIMEOUT -> {}
      case SESSION_TAKEN_OVER ->
          log.warn(
              "taken over",
              who,
              "another client connected with the id of "
                  + who
                  + ", whose connection was closed; give every client its own id");
      case PACKET_TOO_LARGE ->
          log.warn(
              "packet",
              who,
              who
                  + " sent a packet of more than "
                  + HiveMqConfig.MAX_PACKET_BYTES
                  + " bytes, and its connection was closed; send smaller images");
      default ->
          log.warn(
              "closed",
              who,
              "closed the connection of "
                  + who
                  + ": "
                  + code.name().toLowerCase(Locale.ROOT).replace('_', ' ')
                  + input
                      .getReasonString()
                      .map(text -> " (" + BrokerLog.shown(text) + ")")
                      .orElse(""));
    }
  }
}
