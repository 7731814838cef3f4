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
 * Recognizes topics that are nearly right: a camera that publishes to one of them gets no answer,
 * because nobody subscribes to it. Pure functions of the topic and the names of the sites.
 */
public final class TopicHints {
  static final Set<String> IMAGE_LEVELS =
      Set.of("image", "images", "img", "picture", "photo", "frame", "jpg", "jpeg", "snapshot");

  private static final Set<String> RESULT_LEVELS = Set.of("result", "results", "answer", "answers");

  /** Letters that a name in plain ASCII is known by. */
  private static final List<String> SPELLED_OUT =
      List.of(
          "ä", "ae", "ö", "oe", "ü", "ue", "Ä", "Ae", "Ö", "Oe", "Ü", "Ue", "ß", "ss", "æ", "ae",
          "ø", "oe");

  /**
   * What is wrong with a topic and how it is right.
   *
   * @param topic the right form
   * @param reason for people, a clause such as {@code upper and lower case differ}
   */
  public record Hint(String topic, String reason) {}

  private TopicHints() {}

  /**
   * Judges a topic on which a message was published: is it meant for images?
   *
   * @param sites the names of the sites that are served here; empty if unknown
   * @return empty for a topic that is right or that has nothing to do with Chorale
   */
  public static Optional<Hint> ofPublished(String topic, Collection<String> sites) {
    return of(topic, sites, "image", IMAGE_LEVELS, Topics::image);
  }

  /**
   * Judges a topic that was subscribed to: is it meant for the results of one camera? A filter with
   * wildcards has no hint.
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

  /** A topic that somebody serves, or that fits and could be of a site that is not known yet. */
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

  /** Without blanks around levels, and without empty levels. */
  private static List<String> levels(String topic) {
    List<String> levels = new ArrayList<>();
    for (String level : topic.split("/", -1)) {
      if (!level.isBlank()) {
        levels.add(level.strip());
      }
    }
    return levels;
  }

  /** What follows the root. Without a root the topic must begin with a known site and "camera". */
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

  /** The site that the names begin with, or the only one there is. */
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

  /** The camera's name: what is left of the names, in one level. */
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

  /** A valid name that people recognize: {@code Küche links} becomes {@code Kueche-links}. */
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

  /** Whether two words differ by at most so many letters, upper and lower case alike. */
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
