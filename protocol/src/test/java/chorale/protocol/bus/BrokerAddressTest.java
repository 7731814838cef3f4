package chorale.protocol.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerAddressTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mqtt://127.0.0.1:1883 | false | 127.0.0.1 | 1883",
        "mqtt://host | false | host | 1883",
        "mqtts://host | true | host | 8883",
        "mqtt://host: | false | host | 1883",
        "mqtt://host:1884/ | false | host | 1884",
        "MQTT://Host:1884 | false | Host | 1884",
        "mqtt://my_broker:1883 | false | my_broker | 1883",
        "mqtt://mqtt.chorale_default:1 | false | mqtt.chorale_default | 1",
        "mqtt://[::1]:1883 | false | ::1 | 1883",
        "mqtts://[2001:db8::7] | true | 2001:db8::7 | 8883",
        "mqtt://[fe80::1%25eth0]:1883 | false | fe80::1%eth0 | 1883",
        "mqtt://bücher.example | false | xn--bcher-kva.example | 1883",
        "mqtt://host:65535 | false | host | 65535",
      })
  void parse_address_hasSchemeHostAndPort(String text, boolean tls, String host, int port) {
    BrokerAddress.Parsed parsed = BrokerAddress.parse(text);
    assertEquals(new BrokerAddress(tls, host, port), parsed.address());
    assertEquals(Optional.empty(), parsed.user());
    assertEquals(parsed, BrokerAddress.parse(parsed.address().toString()), "its own text");
    assertEquals(parsed.address().toString(), parsed.address().uri().toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mqtt://user:pass@host | user | pass",
        "mqtt://user:p%40ss@host:1884 | user | p@ss",
        "mqtt://user:p@ss@host | user | p@ss",
        "mqtt://a%3Ab:c:d@host | a:b | c:d",
        "mqtt://user:100%25@host | user | 100%",
        "mqtt://user:a+b@host | user | a+b",
        "mqtt://k%C3%BCche:%E2%82%AC@my_host | küche | €",
      })
  void parse_userAndPassword_areDecoded(String text, String user, String password) {
    BrokerAddress.Parsed parsed = BrokerAddress.parse(text);
    assertEquals(Optional.of(user), parsed.user());
    assertEquals(Optional.of(password), parsed.password());
    assertFalse(parsed.toString().contains(password), parsed::toString);
  }

  @Test
  void parse_userOnly_hasNoPassword() {
    BrokerAddress.Parsed parsed = BrokerAddress.parse("mqtt://user@host");
    assertEquals(Optional.of("user"), parsed.user());
    assertEquals(Optional.empty(), parsed.password());
    assertEquals(
        Optional.of(""), BrokerAddress.parse("mqtt://user:@host").password(), "given, and empty");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "host:1883 | the scheme is missing",
        "'' | the scheme is missing",
        "tcp://host | write mqtt:// instead of tcp://",
        "ssl://host | write mqtts:// instead of ssl://",
        "wss://host/mqtt | WebSocket is for browsers",
        "http://host | the scheme is unknown",
        "mqtt:// | the host is missing",
        "mqtt://:1883 | the host is missing",
        "mqtt://a host | not a valid name",
        "mqtt://host/path | nothing may follow the port",
        "mqtt://host?x=y | nothing may follow the port",
        "mqtt://host/#x | nothing may follow the port",
        "mqtt://host:0 | from 1 to 65535",
        "mqtt://host:65536 | from 1 to 65535",
        "mqtt://host:18a | from 1 to 65535",
        "mqtt://host:-1 | from 1 to 65535",
        "mqtt://::1 | in brackets, as in",
        "mqtt://fe80::1:1883 | in brackets, as in",
        "mqtt://[::1 | write the IPv6 address as in",
        "mqtt://[host]:1883 | write the IPv6 address as in",
        "mqtt://[::1]1883 | write the IPv6 address as in",
        "mqtt://:secret@host | the user before '@' is empty",
        "mqtt://user:secret%@host | write %25 for a percent sign",
        "mqtt://user:secret%4@host | write %25 for a percent sign",
        "mqtt://user:secret%-1@host | write %25 for a percent sign",
        "mqtt://user:secret%FF@host | must be UTF-8",
      })
  void parse_notAnAddress_saysWhatIsWrongButNotThePassword(String text, String expected) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> BrokerAddress.parse(text)).getMessage();
    assertTrue(message.startsWith(BrokerAddress.ALLOWED), message);
    assertTrue(message.contains(expected), message);
    assertFalse(message.contains("secret"), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"p%40ss", "", "plain", "%25%20%3A%2F%23%3F%40%24%5C", "%C3%BC%E2%82%AC"})
  void withLogin_anyPassword_isParsedAgain(String encoded) {
    for (String host : List.of("my_host:1884", "[fe80::1%25eth0]:1883")) {
      BrokerAddress.Parsed parsed = BrokerAddress.parse("mqtts://us%2Fer:" + encoded + "@" + host);
      String text = parsed.address().withLogin(parsed.user().get(), parsed.password().get());
      assertEquals("mqtts://us%2Fer:" + encoded + "@" + host, text);
    }
  }

  @Test
  void settings_ofUri_keepTheLogin() {
    ConnectionSettings settings = ConnectionSettings.of(URI.create("mqtt://user:p%40ss@my_host"));
    assertEquals(
        Optional.of(new ConnectionSettings.Credentials("user", "p@ss")), settings.credentials());
    assertEquals("mqtt://my_host:1883", settings.broker().toString());
  }
}
