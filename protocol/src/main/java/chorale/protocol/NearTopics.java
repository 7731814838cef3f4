package chorale.protocol;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Topic filters for common misspellings of the image topic. An aggregator subscribes to them to
 * report cameras whose frames no service receives. No filter matches a valid topic of the site, so
 * that valid messages neither arrive twice nor reach other subscribers. Wide filters such as {@code
 * chorale/#} are therefore impossible, and the filters cover fewer mistakes than {@link
 * TopicHints}. Stateless.
 */
public final class NearTopics {
  private static final List<String> OUTSIDE_ROOT =
      List.of("/chorale/#", "Chorale/#", "CHORALE/#", "choral/#");

  private NearTopics() {}

  /** Returns the filters for an aggregator of this site. */
  public static List<String> filters(String site) {
    String root = Topics.ROOT + '/';
    String cameras = root + site + "/camera/";
    Set<String> filters = new LinkedHashSet<>(OUTSIDE_ROOT);
    filters.add(site + "/camera/+/image");

    filters.add(root + "+/image");
    filters.add(root + "camera/+/image");
    filters.add(root + site + "/+/image");
    filters.add(cameras + "+/+/image");
    filters.add(cameras + "+/image/+");
    for (String level : List.of("Camera", "CAMERA", "cameras")) {
      filters.add(root + site + '/' + level + "/+/image");
    }
    for (String level : lastLevels()) {
      filters.add(cameras + "+/" + level);
    }
    for (String other : spellings(site)) {
      filters.add(root + other + "/+/+/image");
    }
    return List.copyOf(filters);
  }

  private static List<String> lastLevels() {
    List<String> levels = new ArrayList<>(List.of("Image", "IMAGE", "image "));
    TopicHints.IMAGE_LEVELS.stream()
        .filter(level -> !level.equals("image"))
        .sorted()
        .forEach(levels::add);
    return levels;
  }

  /** Returns the site's name in other upper and lower case. */
  private static List<String> spellings(String site) {
    String lower = site.toLowerCase(Locale.ROOT);
    String capital = lower.substring(0, 1).toUpperCase(Locale.ROOT) + lower.substring(1);
    return Stream.of(lower, capital, lower.toUpperCase(Locale.ROOT))
        .filter(each -> !each.equals(site))
        .distinct()
        .toList();
  }
}
