package chorale.aggregator;

import chorale.protocol.PrintableText;
import java.util.HashSet;
import java.util.Set;

/** Names what is wrong once each, and falls silent after {@value #MAX}. One thread's own. */
final class WarnedOnce {
  private static final int MAX = 100;
  private static final int MAX_SHOWN = 128;
  private static final System.Logger LOG = System.getLogger("chorale.aggregator");

  private final Set<String> named = new HashSet<>();

  void topic(String topic, String allowed) {
    String shown = PrintableText.ascii(topic, MAX_SHOWN);
    if (named.size() < MAX && named.add(shown)) {
      LOG.log(
          System.Logger.Level.WARNING,
          "topic ''{0}'': a name in it is not valid (allowed: {1}); ignored",
          shown,
          allowed);
    }
  }
}
