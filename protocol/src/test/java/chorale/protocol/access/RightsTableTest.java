package chorale.protocol.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.NearTopics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RightsTableTest {
  private static Rights rights(UserRole role) {
    return RightsTable.of(new Identity("own", role, "home"));
  }

  /**
   * Letters: w worker, a aggregator, c camera, d dashboard, f dashboard with frames. Every user has
   * the name {@code own}. Columns: topic, who publishes, who subscribes.
   */
  @ParameterizedTest
  @CsvSource({
    "camera/own/image,               acdf, waf",
    "camera/other/image,             a,   waf",
    "camera/gate/reply/V1/own,       w,   a",
    "camera/own/reply/V1/other,      '',  a",
    "camera/own/reply/own/other,     '',  a",
    "camera/gate/tensor/2,           w,   w",
    "camera/own/result,              a,   acdf",
    "camera/other/result,            a,   adf",
    "camera/own/class,               a,   cdf",
    "camera/other/class,             a,   df",
    "camera/own/response,            a,   cdf",
    "camera/own/response/a/b,        a,   cdf",
    "camera/other/response/a,        a,   ''",
    "camera/own/availability,        cdf, df",
    "camera/other/availability,      '',  df",
    "worker/own/availability,        w,   wacdf",
    "worker/other/availability,      '',  wacdf",
    "worker/own/info,                w,   wacdf",
    "worker/other/info,              '',  wacdf",
    "worker/own/health,              w,   wadf",
    "worker/other/health,            '',  wadf",
    "worker/own/trust,               a,   adf",
    "worker/other/trust,             a,   adf",
    "aggregator/own/check,           a,   af",
    "aggregator/other/check,         '',  af",
    "aggregator/own/availability,    a,   adf",
    "aggregator/other/availability,  '',  adf",
    "aggregator/own/info,            a,   adf",
    "aggregator/other/info,          '',  adf",
    "aggregator/own/health,          a,   adf",
    "aggregator/other/health,        '',  adf",
    "broker/health,                  '',  df",
    "camera/own/anything,            '',  ''",
    "anything/own/info,              '',  ''",
    "worker/own/anything,            '',  ''",
  })
  void of_everyRoleAndTopic_isAsTheTableSays(String topic, String publish, String subscribe) {
    StringBuilder publishers = new StringBuilder();
    StringBuilder subscribers = new StringBuilder();
    for (char letter : "wacdf".toCharArray()) {
      UserRole role =
          switch (letter) {
            case 'w' -> UserRole.WORKER;
            case 'a' -> UserRole.AGGREGATOR;
            case 'c' -> UserRole.CAMERA;
            default -> UserRole.DASHBOARD;
          };
      Identity user = new Identity("own", role, "home", letter == 'f');
      Rights rights = RightsTable.of(user);
      publishers.append(rights.mayPublish("chorale/home/" + topic) ? letter : "");
      subscribers.append(rights.maySubscribe("chorale/home/" + topic) ? letter : "");
      assertFalse(rights.mayPublish("chorale/barn/" + topic), "another site's " + topic);
      assertFalse(rights.maySubscribe("chorale/barn/" + topic), "another site's " + topic);
    }
    assertEquals(publish, publishers.toString(), "who publishes on " + topic);
    assertEquals(subscribe, subscribers.toString(), "who subscribes to " + topic);
    assertTrue(rights(UserRole.OPERATOR).mayPublish("chorale/home/" + topic));
    assertTrue(rights(UserRole.OPERATOR).maySubscribe("chorale/home/" + topic));
  }

  @ParameterizedTest
  @EnumSource(UserRole.class)
  void of_everyRole_endsAtItsSite(UserRole role) {
    for (String filter : List.of("#", "+/#", "chorale/#", "chorale/+/#", "$SYS/#", "home/#")) {
      assertFalse(rights(role).maySubscribe(filter), filter);
    }
    assertFalse(rights(role).mayPublish("home/camera/own/image"));
    assertFalse(rights(role).mayPublish("$SYS/own"));
  }

  @Test
  void of_aggregator_maySubscribeToMisspelledTopics() {
    for (String filter : NearTopics.filters("home")) {
      assertTrue(rights(UserRole.AGGREGATOR).maySubscribe(filter), filter);
      assertFalse(rights(UserRole.CAMERA).maySubscribe(filter), filter);
    }
  }

  @Test
  void identity_framesForAnotherRole_isRefused() {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> new Identity("pi", UserRole.WORKER, "home", true))
            .getMessage();
    assertTrue(message.contains("'pi' is of role worker"), message);
  }

  /**
   * Compares with the table in docs/security.md; on failure the message contains the expected
   * table.
   */
  @Test
  void documentation_table_isThisTable() throws IOException {
    List<String> table =
        new ArrayList<>(List.of("| topic | worker | aggregator | camera | dashboard |"));
    table.add("|---|---|---|---|---|");
    for (RightsTable.Row row : RightsTable.rows()) {
      StringBuilder line = new StringBuilder("| `" + row.topic() + "` |");
      for (UserRole role :
          List.of(UserRole.WORKER, UserRole.AGGREGATOR, UserRole.CAMERA, UserRole.DASHBOARD)) {
        String cell =
            new TreeSet<>(row.of(role))
                .stream().map(RightsTableTest::words).collect(Collectors.joining(", "));
        line.append(cell.isEmpty() ? " |" : ' ' + cell + " |");
      }
      table.add(line.toString());
    }
    String expected = String.join("\n", table);
    String documented = Files.readString(Path.of("../docs/security.md"));
    assertTrue(documented.contains('\n' + expected + "\n\n"), () -> "expected:\n" + expected);
  }

  private static String words(RightsTable.Right right) {
    return switch (right) {
      case PUBLISH_OWN -> "publishes its own";
      case PUBLISH -> "publishes";
      case SUBSCRIBE_OWN -> "subscribes to its own";
      case SUBSCRIBE -> "subscribes";
      case SUBSCRIBE_WITH_FRAMES -> "subscribes with `--frames`";
    };
  }

  /** Every topic of the protocol needs a row. */
  @Test
  void rows_topics_areThoseOfTheProtocol() throws IOException {
    Set<String> documented = new TreeSet<>();
    for (String line : Files.readAllLines(Path.of("../docs/protocol.md"))) {
      if (line.startsWith("| `chorale/<site>/")) {
        String topic = line.split("`", 3)[1].substring("chorale/<site>/".length());
        documented.addAll(expanded(topic));
      }
    }
    Set<String> rows = new TreeSet<>();
    RightsTable.rows().forEach(row -> rows.add(row.topic().replace("response/#", "response")));
    assertEquals(documented, rows);
  }

  /** {@code aggregator/<name>/{a,b}} stands for two topics. */
  private static List<String> expanded(String topic) {
    String named = topic.replace("aggregator/<name>", "aggregator/<aggregator>");
    int brace = named.indexOf('{');
    if (brace < 0) {
      return List.of(named);
    }
    List<String> all = new ArrayList<>();
    for (String last : named.substring(brace + 1, named.length() - 1).split(",", -1)) {
      all.add(named.substring(0, brace) + last);
    }
    return all;
  }
}
