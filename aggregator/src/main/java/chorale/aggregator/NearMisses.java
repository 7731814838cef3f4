package chorale.aggregator;

import chorale.protocol.Names;
import chorale.protocol.PrintableText;
import chorale.protocol.TopicHints;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The memory of topics that were warned of, because a message on them is not what its sender thinks
 * it is. One line for each topic; after {@value #MAX_WARNED} it falls silent. Owned by the
 * aggregator's thread.
 */
final class NearMisses {
  private static final System.Logger LOG = System.getLogger(NearMisses.class.getName());

  static final int MAX_WARNED = 100;
  private static final int MAX_SHOWN = 128;

  private final Set<String> sites;
  private final Set<String> warned = new HashSet<>();

  /**
   * @param site the one that is served
   */
  NearMisses(String site) {
    this.sites = Set.of(site);
  }

  /**
   * A message came on a topic that is not one of the site's.
   *
   * @return whether it is nearly one for images
   */
  boolean hear(String topic) {
    Optional<TopicHints.Hint> hint = TopicHints.ofPublished(topic, sites);
    hint.ifPresent(
        right ->
            warn(
                topic,
                "nobody listens there; %s, the topic for images is '%s'"
                    .formatted(right.reason(), right.topic())));
    return hint.isPresent();
  }

  /** A message came on a topic of the site's, with a name in it that is not valid. */
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
