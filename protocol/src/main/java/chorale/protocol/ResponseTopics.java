package chorale.protocol;

import java.util.List;

/**
 * The rules for response topics. An aggregator must not publish where the sender may not, or on a
 * topic with a meaning in the protocol. Below {@code chorale/} only listed forms are allowed, which
 * also excludes topics of later versions. Immutable.
 *
 * @param topics of the site
 * @param prefixes of allowed response topics besides the camera's own
 */
record ResponseTopics(Topics topics, List<String> prefixes) {
  private static final String RESPONSE = "response";

  ResponseTopics {
    prefixes = List.copyOf(prefixes);
  }

  boolean allows(String topic, String camera) {
    if (!isTopicName(topic)) {
      return false;
    }
    boolean isOwn = topic.startsWith(topics.cameraPrefix(camera));
    if (isOwn && topic.equals(topics.result(camera))) {
      return true;
    }
    boolean isPlace = isOwn || prefixes.stream().anyMatch(topic::startsWith);
    return isPlace && (isResponse(topic) || !isOfProtocol(topic));
  }

  /** Returns whether it is a topic name without wildcards that does not start with {@code $}. */
  private static boolean isTopicName(String topic) {
    return !topic.isEmpty()
        && topic.charAt(0) != '$'
        && topic.chars().noneMatch(each -> each == '+' || each == '#' || each == 0);
  }

  private static boolean isOfProtocol(String topic) {
    return topic.equals(Topics.ROOT) || topic.startsWith(Topics.ROOT + '/');
  }

  /** {@code chorale/<site>/camera/<camera>/response}, or a topic below it. */
  private static boolean isResponse(String topic) {
    String[] level = topic.split("/", 6);
    return level.length >= 5
        && level[0].equals(Topics.ROOT)
        && Names.isValid(level[1])
        && level[2].equals("camera")
        && Names.isValid(level[3])
        && level[4].equals(RESPONSE);
  }
}
