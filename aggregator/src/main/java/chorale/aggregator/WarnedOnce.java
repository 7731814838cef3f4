package chorale.aggregator;

import java.util.HashSet;
import java.util.Set;

/** Names what is wrong once each, and falls silent after {@value #MAX}. One thread's own. */
final class WarnedOnce {
  private static final int MAX = 100;
  private static final int MAX_SHOWN = 128;
  private static final System.Logger LOG = System.getLogger("chorale.aggregator");

  private final Set<String> named = new HashSet<>();

  void topic(String topic, String allowed) {
    String shown = printable(topic);
    if (named.size() < MAX && named.add(shown)) {
      LOG.log(
          System.Logger.Level.WARNING,
          "topic ''{0}'': a name in it is not valid (allowed: {1}); ignored",
          shown,
          allowed);
    }
  }

  private static String printable(String text) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < Math.min(text.length(), MAX_SHOWN); i++) {
      char c = text.charAt(i);
      shown.append(c >= ' ' && c < 127 ? c : '?');
    }
    return text.length() > MAX_SHOWN ? shown.append("...").toString() : shown.toString();
  }
}
