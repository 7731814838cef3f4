package chorale.protocol.access;

import static chorale.protocol.access.RightsTable.Right.PUBLISH;
import static chorale.protocol.access.RightsTable.Right.PUBLISH_OWN;
import static chorale.protocol.access.RightsTable.Right.SUBSCRIBE;
import static chorale.protocol.access.RightsTable.Right.SUBSCRIBE_OWN;
import static chorale.protocol.access.RightsTable.Right.SUBSCRIBE_WITH_FRAMES;
import static chorale.protocol.access.UserRole.AGGREGATOR;
import static chorale.protocol.access.UserRole.CAMERA;
import static chorale.protocol.access.UserRole.DASHBOARD;
import static chorale.protocol.access.UserRole.OPERATOR;
import static chorale.protocol.access.UserRole.WORKER;

import chorale.protocol.NearTopics;
import chorale.protocol.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The access rights of each role for every topic of docs/protocol.md. Everything else is denied.
 * Operators have no column: they may publish and subscribe to everything below their site.
 * Immutable.
 */
public final class RightsTable {
  /** A right of a role on a topic. */
  public enum Right {
    /** Only topics that contain the user's own name. */
    PUBLISH_OWN,
    PUBLISH,
    /** Only topics that contain the user's own name. */
    SUBSCRIBE_OWN,
    SUBSCRIBE,
    /** Only dashboards with the right to see frames. */
    SUBSCRIBE_WITH_FRAMES
  }

  /**
   * The rights of all roles on one form of topics.
   *
   * @param topic below {@code chorale/<site>/}, with placeholders for names, such as {@code
   *     <camera>}
   */
  public record Row(String topic, Map<UserRole, Set<Right>> rights) {
    public Row {
      rights = Map.copyOf(rights);
    }

    public Set<Right> of(UserRole role) {
      return rights.getOrDefault(role, Set.of());
    }
  }

  // Workers subscribe to each other's status because replicas divide requests. A worker must not
  // learn which frame is a check, or that its votes do not count.
  private static final List<Row> ROWS =
      List.of(
          new Row(
              "camera/<camera>/image",
              Map.of(
                  WORKER, Set.of(SUBSCRIBE),
                  AGGREGATOR, Set.of(PUBLISH, SUBSCRIBE),
                  CAMERA, Set.of(PUBLISH_OWN),
                  DASHBOARD, Set.of(PUBLISH_OWN, SUBSCRIBE_WITH_FRAMES))),
          new Row(
              "camera/<camera>/reply/<variant>/<worker>",
              Map.of(WORKER, Set.of(PUBLISH_OWN), AGGREGATOR, Set.of(SUBSCRIBE))),
          new Row(
              "camera/<camera>/ask/<tier>",
              Map.of(WORKER, Set.of(SUBSCRIBE), AGGREGATOR, Set.of(PUBLISH))),
          new Row("camera/<camera>/tensor/<stage>", Map.of(WORKER, Set.of(PUBLISH, SUBSCRIBE))),
          new Row(
              "camera/<camera>/result",
              Map.of(
                  AGGREGATOR, Set.of(PUBLISH, SUBSCRIBE),
                  CAMERA, Set.of(SUBSCRIBE_OWN),
                  DASHBOARD, Set.of(SUBSCRIBE))),
          new Row(
              "camera/<camera>/class",
              Map.of(
                  AGGREGATOR, Set.of(PUBLISH),
                  CAMERA, Set.of(SUBSCRIBE_OWN),
                  DASHBOARD, Set.of(SUBSCRIBE))),
          new Row(
              "camera/<camera>/response/#",
              Map.of(
                  AGGREGATOR, Set.of(PUBLISH),
                  CAMERA, Set.of(SUBSCRIBE_OWN),
                  DASHBOARD, Set.of(SUBSCRIBE_OWN))),
          new Row(
              "camera/<camera>/availability",
              Map.of(CAMERA, Set.of(PUBLISH_OWN), DASHBOARD, Set.of(PUBLISH_OWN, SUBSCRIBE))),
          new Row(
              "worker/<worker>/availability",
              Map.of(
                  WORKER, Set.of(PUBLISH_OWN, SUBSCRIBE),
                  AGGREGATOR, Set.of(SUBSCRIBE),
                  CAMERA, Set.of(SUBSCRIBE),
                  DASHBOARD, Set.of(SUBSCRIBE))),
          new Row(
              "worker/<worker>/info",
              Map.of(
                  WORKER, Set.of(PUBLISH_OWN, SUBSCRIBE),
                  AGGREGATOR, Set.of(SUBSCRIBE),
                  CAMERA, Set.of(SUBSCRIBE),
                  DASHBOARD, Set.of(SUBSCRIBE))),
          new Row(
              "worker/<worker>/health",
              Map.of(
                  WORKER, Set.of(PUBLISH_OWN, SUBSCRIBE),
                  AGGREGATOR, Set.of(SUBSCRIBE),
                  DASHBOARD, Set.of(SUBSCRIBE))),
          new Row(
              "worker/<worker>/trust",
              Map.of(AGGREGATOR, Set.of(PUBLISH, SUBSCRIBE), DASHBOARD, Set.of(SUBSCRIBE))),
          new Row(
              "aggregator/<aggregator>/check",
              Map.of(
                  AGGREGATOR,
                  Set.of(PUBLISH_OWN, SUBSCRIBE),
                  DASHBOARD,
                  Set.of(SUBSCRIBE_WITH_FRAMES))),
          new Row("aggregator/<aggregator>/availability", ofAggregators()),
          new Row("aggregator/<aggregator>/info", ofAggregators()),
          new Row("aggregator/<aggregator>/health", ofAggregators()),
          new Row("broker/health", Map.of(DASHBOARD, Set.of(SUBSCRIBE))));

  private static Map<UserRole, Set<Right>> ofAggregators() {
    return Map.of(AGGREGATOR, Set.of(PUBLISH_OWN, SUBSCRIBE), DASHBOARD, Set.of(SUBSCRIBE));
  }

  private RightsTable() {}

  public static List<Row> rows() {
    return ROWS;
  }

  /** Returns the rights of a user as topic filters of its site. */
  public static Rights of(Identity user) {
    String site = Topics.ROOT + '/' + user.site() + '/';
    if (user.role() == OPERATOR) {
      return new Rights(List.of(site + '#'), List.of(site + '#'));
    }
    List<String> publish = new ArrayList<>();
    List<String> subscribe = new ArrayList<>();
    for (Row row : ROWS) {
      String own = row.topic().replace(user.role().placeholder(), user.name());
      for (Right right : row.of(user.role())) {
        switch (right) {
          case PUBLISH_OWN -> publish.add(site + wild(own));
          case PUBLISH -> publish.add(site + wild(row.topic()));
          case SUBSCRIBE_OWN -> subscribe.add(site + wild(own));
          case SUBSCRIBE -> subscribe.add(site + wild(row.topic()));
          case SUBSCRIBE_WITH_FRAMES -> {
            if (user.frames()) {
              subscribe.add(site + wild(row.topic()));
            }
          }
        }
      }
    }
    if (user.role() == AGGREGATOR) {
      subscribe.addAll(NearTopics.filters(user.site())); // to report misspelled topics
    }
    return new Rights(publish, subscribe);
  }

  private static String wild(String form) {
    return form.replaceAll("<[a-z]+>", "+");
  }
}
