package chorale.broker;

import chorale.protocol.Address;
import chorale.protocol.Names;
import chorale.protocol.Topics;
import java.util.Set;
import java.util.TreeSet;

/** The names of the sites with services on this broker. Thread-safe. */
final class Sites {
  private static final int MAX_SITES = 64;
  private static final String ANY_CAMERA = "any";

  // Guarded by this.
  private final Set<String> names = new TreeSet<>();

  /** Learns the site from the filter with which a service subscribes to images. */
  synchronized void learn(String filter) {
    String[] level = filter.split("/", -1);
    boolean listens =
        level.length == 5
            && level[3].equals("+")
            && isImage(String.join("/", level[0], level[1], level[2], ANY_CAMERA, level[4]));
    if (listens && names.size() < MAX_SITES) {
      names.add(level[1]);
    }
  }

  synchronized Set<String> known() {
    return Set.copyOf(names);
  }

  /** Returns whether it is an image topic of any site. */
  static boolean isImage(String topic) {
    String[] level = topic.split("/", 3);
    return topic.endsWith("/image")
        && level.length == 3
        && Names.isValid(level[1])
        && new Topics(level[1]).parse(topic) instanceof Address.Image;
  }
}
