package chorale.cli;

import chorale.publisher.ImageListing;
import chorale.variants.ModelSet;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** A check of image labels against the classes of a model set. Stateless. */
public final class LabelCheck {
  private static final int SHOWN = 20;

  private LabelCheck() {}

  /**
   * Requires that the images have labels, and that each label is a class of the set.
   *
   * @param option the option that names the images; {@code path} is its value
   * @throws CommandException there are no labels, or some are not classes of the set
   */
  public static void require(String option, Path path, ImageListing listing, ModelSet set)
      throws CommandException {
    NavigableSet<String> labels = listing.labels();
    NavigableSet<String> unknown = unknown(listing, set);
    if (labels.isEmpty()) {
      throw CommandException.mistake(
          ("%s: %s: no labels (needed: a folder of images for each class, at least two; "
                  + "classes: %s)")
              .formatted(option, path, some(set.classes())));
    }
    if (!unknown.isEmpty()) {
      throw CommandException.mistake(
          "%s: %s: not classes of the set %s: %s%s (allowed: %s)"
              .formatted(
                  option,
                  path,
                  set.name(),
                  some(List.copyOf(unknown)),
                  unknown.equals(labels) ? "; choose the set of these classes with --models" : "",
                  some(set.classes())));
    }
  }

  /**
   * Returns the folders of images that show none of the set's classes.
   *
   * @throws CommandException there are no folders, or one is named after a class
   */
  public static List<String> families(String option, Path path, ImageListing listing, ModelSet set)
      throws CommandException {
    List<String> families = List.copyOf(listing.labels());
    List<String> classes = families.stream().filter(set.classes()::contains).toList();
    if (families.isEmpty()) {
      throw CommandException.mistake(
          "%s: %s: no folders (needed: a folder of images for each kind, at least two)"
              .formatted(option, path));
    }
    if (!classes.isEmpty()) {
      throw CommandException.mistake(
          "%s: %s: folders named like classes of the set %s: %s; rename or remove them"
              .formatted(option, path, set.name(), some(classes)));
    }
    return families;
  }

  private static NavigableSet<String> unknown(ImageListing listing, ModelSet set) {
    NavigableSet<String> unknown = new TreeSet<>(listing.labels());
    set.classes().forEach(unknown::remove);
    return unknown;
  }

  private static String some(List<String> names) {
    return String.join(", ", names.subList(0, Math.min(SHOWN, names.size())))
        + (names.size() > SHOWN ? " and " + (names.size() - SHOWN) + " more" : "");
  }
}
