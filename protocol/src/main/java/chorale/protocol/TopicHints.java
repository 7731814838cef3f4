package chorale.protocol;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;

/**
 * A detector of misspelled topics. A camera that publishes to such a topic gets no answer.
 * Stateless.
 */
public final class TopicHints {
  static final Set<String> IMAGE_LEVELS =
      Set.of("image", "images", "img", "picture", "photo", "frame", "jpg", "jpeg", "snapshot");

  private static final Set<String> RESULT_LEVELS = Set.of("result", "results", "answer", "answers");

  /** Letters and their spelling in ASCII. */
  private static final List<String> SPELLED_OUT =
      List.of(
          "ä", "ae", "ö", "oe", "ü", "ue", "Ä", "Ae", "Ö", "Oe", "Ü", "Ue", "ß", "ss", "æ", "ae",
          "ø", "oe");

  /**
   * A correction for a topic.
   *
   * @param topic the correct topic
   * @param reason a clause for messages such as {@code upper and lower case differ}
   */
  public record Hint(String topic, String reason) {}

  private TopicHints() {}

  /**
   * Checks a topic on which a message was published against the form of image topics.
   *
   * @param sites the names of the sites that are served here; empty if unknown
   * @return empty if the topic is valid or is not related to Chorale
   */
  public static Optional<Hint> ofPublished(String topic, Collection<String> sites) {
    return of(topic, sites, "image", IMAGE_LEVELS, Topics::image);
  }

  /**
   * Checks a subscribed topic against the form of result topics of one camera. Returns no hint for
   * a filter with wildcards.
   *
   * @param sites the names of the sites that are served here; empty if unknown
   */
  public static Optional<Hint> ofSubscribed(String filter, Collection<String> sites) {
    boolean wild = filter.indexOf('+') >= 0 || filter.indexOf('#') >= 0;
    return wild ? Optional.empty() : of(filter, sites, "result", RESULT_LEVELS, Topics::result);
  }

  private static Optional<Hint> of(
      String topic,
      Collection<String> sites,
      String last,
      Set<String> synonyms,
      BiFunction<Topics, String, String> form) {
    if (isRight(topic, sites)) {
      return Optional.empty();
    }
    Optional<List<String>> below = belowRoot(levels(topic), sites);
    if (below.isEmpty() || !endsWith(below.get(), last, synonyms)) {
      return Optional.empty();
    }
    List<String> names = below.get().subList(0, below.get().size() - 1);
    return site(names, sites)
        .filter(Names::isValid)
        .flatMap(site -> camera(names, site).map(camera -> form.apply(new Topics(site), camera)))
        .filter(right -> !right.equals(topic))
        .map(right -> new Hint(right, reason(topic, right)));
  }

  /**
   * Returns whether the topic is valid and belongs to a known site, or to an unknown site whose
   * name equals no known one when case is ignored.
   */
  private static boolean isRight(String topic, Collection<String> sites) {
    String[] level = topic.split("/", -1);
    return level.length >= 2
        && Names.isValid(level[1])
        && isAddress(new Topics(level[1]).parse(topic))
        && (sites.contains(level[1]) || sameButForCase(level[1], sites).isEmpty());
  }

  private static boolean isAddress(Address address) {
    return !(address instanceof Address.InvalidName || address instanceof Address.Other);
  }

  /** Returns the levels without surrounding blanks and without empty levels. */
  private static List<String> levels(String topic) {
    List<String> levels = new ArrayList<>();
    for (String level : topic.split("/", -1)) {
      if (!level.isBlank()) {
        levels.add(level.strip());
      }
    }
    return levels;
  }

  /**
   * Returns the levels below the root. Without a root, the topic must start with a known site and
   * "camera".
   */
  private static Optional<List<String>> belowRoot(List<String> levels, Collection<String> sites) {
    if (levels.size() >= 2 && isNear(levels.get(0), Topics.ROOT, 2)) {
      return Optional.of(levels.subList(1, levels.size()));
    }
    boolean rootless =
        levels.size() >= 3
            && sameButForCase(levels.get(0), sites).isPresent()
            && isNear(levels.get(1), "camera", 1);
    return rootless ? Optional.of(levels) : Optional.empty();
  }

  private static boolean endsWith(List<String> below, String last, Set<String> synonyms) {
    String level = below.get(below.size() - 1).toLowerCase(Locale.ROOT);
    return below.size() >= 2 && (synonyms.contains(level) || isNear(level, last, 1));
  }

  /** Returns the site at the start of the names, or the only site there is. */
  private static Optional<String> site(List<String> names, Collection<String> sites) {
    Optional<String> known = sameButForCase(names.get(0), sites);
    if (known.isPresent()) {
      return known;
    }
    if (isNear(names.get(0), "camera", 1) || names.size() == 1) {
      return only(sites);
    }
    return names.size() > 1 && isNear(names.get(1), "camera", 1)
        ? Optional.of(plain(names.get(0)))
        : only(sites);
  }

  private static Optional<String> only(Collection<String> sites) {
    return sites.size() == 1 ? Optional.of(sites.iterator().next()) : Optional.empty();
  }

  /** Returns the camera's name: the remaining names joined into one level. */
  private static Optional<String> camera(List<String> names, String site) {
    List<String> left = new ArrayList<>(names);
    if (left.get(0).equalsIgnoreCase(site) || plain(left.get(0)).equals(site)) {
      left.remove(0);
    }
    if (!left.isEmpty() && isNear(left.get(0), "camera", 1)) {
      left.remove(0);
    }
    String camera = plain(String.join("-", left));
    return left.isEmpty() || !Names.isValid(camera) ? Optional.empty() : Optional.of(camera);
  }

  private static Optional<String> sameButForCase(String level, Collection<String> sites) {
    return sites.contains(level)
        ? Optional.of(level)
        : new TreeSet<>(sites).stream().filter(level::equalsIgnoreCase).findFirst();
  }

  /** Returns a similar valid name: {@code Küche links} becomes {@code Kueche-links}. */
  static String plain(String name) {
    String text = name;
    for (int i = 0; i < SPELLED_OUT.size(); i += 2) {
      text = text.replace(SPELLED_OUT.get(i), SPELLED_OUT.get(i + 1));
    }
    text =
        Normalizer.normalize(text, Normalizer.Form.NFD)
            .replaceAll("\\p{M}+", "")
            .replaceAll("[^A-Za-z0-9._-]+", "-")
            .replaceAll("^-+|-+$", "");
    return text.substring(0, Math.min(text.length(), Limits.MAX_NAME_LENGTH));
  }

  private static String reason(String topic, String right) {
    if (topic.equalsIgnoreCase(right)) {
      return "upper and lower case differ";
    }
    List<String> got = Arrays.asList(topic.split("/", -1));
    List<String> wanted = Arrays.asList(right.split("/", -1));
    if (got.get(0).isEmpty()) {
      return "it begins with a slash";
    } else if (got.get(got.size() - 1).isEmpty()) {
      return "it ends with a slash";
    } else if (got.size() > wanted.size()) {
      return "a camera's name is one level, without a slash";
    } else if (got.size() < wanted.size()) {
      return "a level is missing";
    } else if (!Names.isValid(got.get(3)) || !Names.isValid(got.get(1))) {
      return "a name is " + Names.ALLOWED;
    }
    return "a level is misspelled";
  }

  /** Returns whether the edit distance of two words is at most {@code letters}, ignoring case. */
  private static boolean isNear(String word, String right, int letters) {
    String a = word.toLowerCase(Locale.ROOT);
    if (Math.abs(a.length() - right.length()) > letters) {
      return false;
    }
    int[] previous = new int[right.length() + 1];
    for (int j = 0; j <= right.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[right.length() + 1];
      row[0] = i;
      for (int j = 1; j <= right.length(); j++) {
        int change = previous[j - 1] + (a.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, 1 + Math.min(previous[j], row[j - 1]));
      }
      previous = row;
    }
    return previous[right.length()] <= letters;
  }
}
