package chorale.aggregator;

import chorale.protocol.Names;
import chorale.protocol.PrintableText;
import chorale.protocol.TopicHints;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A bounded log of messages on topics that closely resemble those of the site but have no effect:
 * one line for each topic, at most {@value #MAX_WARNED}. Owned by the aggregator's thread.
 */
final class NearMisses {
  private static final System.Logger LOG = System.getLogger(NearMisses.class.getName());

  static final int MAX_WARNED = 100;
  private static final int MAX_SHOWN = 128;

  private final Set<String> sites;
  private final Set<String> warned = new HashSet<>();

  /**
   * @param site the site of this aggregator
   */
  NearMisses(String site) {
    this.sites = Set.of(site);
  }

  /**
   * Handles a message on a topic that is not one of the site's.
   *
   * @return whether the topic closely resembles an image topic
   */
  boolean hear(String topic) {
    Optional<TopicHints.Hint> hint = TopicHints.ofPublished(topic, sites);
    hint.ifPresent(
        right ->
            warn(
                topic,
                "images on it get no answer; %s, the topic for images is '%s'"
                    .formatted(right.reason(), right.topic())));
    return hint.isPresent();
  }

  /** Handles a message on a topic of the site that contains an invalid name. */
  void hearInvalidName(String topic) {
    String right =
        TopicHints.ofPublished(topic, sites)
            .map(hint -> "; the topic for images is '" + hint.topic() + "'")
            .orElse("");
    warn(topic, "a name in it is not valid (allowed: " + Names.ALLOWED + "); ignored" + right);
  }

  private void warn(String topic, String text) {
    String shown = PrintableText.ascii(topic, MAX_SHOWN);
    if (warned.size() < MAX_WARNED && warned.add(shown)) {
      LOG.log(Level.WARNING, "topic ''{0}'': {1}", shown, text);
    }
  }
}
