package chorale.broker;

import chorale.config.BrokerSettings.User;
import chorale.protocol.NearTopics;
import chorale.protocol.Topics;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client may publish and hear, as topic filters. Immutable.
 *
 * @param publish filters of topics to publish on
 * @param subscribe filters that cover what may be subscribed to
 */
record Rights(List<String> publish, List<String> subscribe) {
  /** Where there are no users. */
  static final Rights EVERYTHING = new Rights(List.of("#"), List.of("#"));

  /** Of somebody who is no user. */
  static final Rights NOTHING = new Rights(List.of(), List.of());

  private static final String ANY_SITE = Topics.ROOT + "/+/";

  Rights {
    publish = List.copyOf(publish);
    subscribe = List.copyOf(subscribe);
  }

  static Rights of(User user) {
    return switch (user.role()) {
      case CAMERA -> {
        String own = ANY_SITE + "camera/" + user.name() + '/';
        // Below its own prefix a camera hears its results and its response topics; who is there
        // tells it how large its images need to be.
        yield new Rights(
            List.of(own + "image", own + "availability"),
            List.of(own + '#', ANY_SITE + "worker/+/availability", ANY_SITE + "worker/+/info"));
      }
      case DASHBOARD ->
          new Rights(
              List.of(),
              List.of(
                  ANY_SITE + "camera/+/result",
                  ANY_SITE + "camera/+/class",
                  ANY_SITE + "worker/#",
                  ANY_SITE + "aggregator/#"));
      case SERVICE -> {
        List<String> subscribe = new ArrayList<>(List.of(Topics.ROOT + "/#"));
        subscribe.addAll(NearTopics.OUTSIDE_ROOT);
        yield new Rights(List.of(Topics.ROOT + "/#"), subscribe);
      }
    };
  }

  boolean mayPublish(String topic) {
    return publish.stream().anyMatch(filter -> covers(filter, topic));
  }

  boolean maySubscribe(String filter) {
    return subscribe.stream().anyMatch(allowed -> covers(allowed, filter));
  }

  /** Whether everything that the second topic or filter matches is matched by the first. */
  static boolean covers(String filter, String topic) {
    String[] wide = filter.split("/", -1);
    String[] narrow = topic.split("/", -1);
    for (int i = 0; i < wide.length; i++) {
      if (wide[i].equals("#")) {
        return true;
      }
      boolean same =
          i < narrow.length
              && (wide[i].equals("+") ? !narrow[i].equals("#") : wide[i].equals(narrow[i]));
      if (!same) {
        return false;
      }
    }
    return wide.length == narrow.length;
  }
}
