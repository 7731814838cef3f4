package chorale.publisher;

import chorale.publisher.ImageListing.Listed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** A class-balanced random sample of images, determined by its seed. Stateless. */
final class Sample {
  private Sample() {}

  /**
   * Takes one image of each class in turn, in a shuffled order. Classes that have run out are
   * skipped until all have; then all images are dealt again. Images without a label form a separate
   * class.
   */
  static List<Listed> balanced(List<Listed> images, int count, long seed) {
    SortedMap<String, List<Listed>> byClass = new TreeMap<>();
    for (Listed image : images) {
      byClass.computeIfAbsent(image.label().orElse(""), name -> new ArrayList<>()).add(image);
    }
    Random random = new Random(seed);
    List<List<Listed>> classes = new ArrayList<>(byClass.values());
    Collections.shuffle(classes, random);

    List<Listed> drawn = new ArrayList<>(count);
    while (drawn.size() < count && !images.isEmpty()) {
      classes.forEach(each -> Collections.shuffle(each, random));
      deal(classes, count, drawn);
    }
    return drawn;
  }

  /** Deals every image once, or as many as are still needed. */
  private static void deal(List<List<Listed>> classes, int count, List<Listed> drawn) {
    int longest = classes.stream().mapToInt(List::size).max().orElse(0);
    for (int turn = 0; turn < longest; turn++) {
      for (List<Listed> images : classes) {
        if (drawn.size() == count) {
          return;
        }
        if (turn < images.size()) {
          drawn.add(images.get(turn));
        }
      }
    }
  }
}
