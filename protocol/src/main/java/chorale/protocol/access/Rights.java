package chorale.protocol.access;

import java.util.List;

/**
 * What a client may publish and hear, as topic filters. Immutable.
 *
 * @param publish filters of topics to publish on
 * @param hear filters that cover what may be subscribed to
 */
public record Rights(List<String> publish, List<String> hear) {
  /** Where there are no users. */
  public static final Rights EVERYTHING = new Rights(List.of("#"), List.of("#"));

  /** Of somebody who is no user. */
  public static final Rights NOTHING = new Rights(List.of(), List.of());

  public Rights {
    publish = List.copyOf(publish);
    hear = List.copyOf(hear);
  }

  public boolean mayPublish(String topic) {
    return publish.stream().anyMatch(filter -> covers(filter, topic));
  }

  /** Judges a subscription: everything that its filter matches must be allowed. */
  public boolean mayHear(String filter) {
    return hear.stream().anyMatch(allowed -> covers(allowed, filter));
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
