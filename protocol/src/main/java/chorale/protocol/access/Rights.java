package chorale.protocol.access;

import java.util.List;

/**
 * The access rights of a client as topic filters. Immutable.
 *
 * @param publish filters of the topics that it may publish to
 * @param subscribe filters that cover its allowed subscriptions
 */
public record Rights(List<String> publish, List<String> subscribe) {
  /** The rights of every client of a broker without a users file. */
  public static final Rights EVERYTHING = new Rights(List.of("#"), List.of("#"));

  /** The rights of an unknown user. */
  public static final Rights NOTHING = new Rights(List.of(), List.of());

  public Rights {
    publish = List.copyOf(publish);
    subscribe = List.copyOf(subscribe);
  }

  public boolean mayPublish(String topic) {
    return publish.stream().anyMatch(filter -> covers(filter, topic));
  }

  /**
   * Returns whether a subscription is allowed: an allowed filter must match every topic that the
   * subscription matches.
   */
  public boolean maySubscribe(String filter) {
    return subscribe.stream().anyMatch(allowed -> covers(allowed, filter));
  }

  /**
   * Returns whether the first filter matches everything that the second topic or filter matches.
   */
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
