package chorale.publisher;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A record of the files and linked folders that a search for images ignored. Not thread-safe. */
final class LeftOut {
  private static final int ENDINGS_SHOWN = 6;
  private static final int FOLDERS_SHOWN = 3;

  private final Set<String> files = new TreeSet<>();
  private final Set<String> linkedFolders = new TreeSet<>();

  void addFile(String name) {
    files.add(name);
  }

  void addLinkedFolder(String name) {
    linkedFolders.add(name);
  }

  void addAll(LeftOut others) {
    files.addAll(others.files);
    linkedFolders.addAll(others.linkedFolders);
  }

  void removeAll(LeftOut others) {
    files.removeAll(others.files);
    linkedFolders.removeAll(others.linkedFolders);
  }

  /** Returns a summary for people; empty if nothing was ignored. */
  Optional<String> text() {
    if (files.isEmpty() && linkedFolders.isEmpty()) {
      return Optional.empty();
    }
    String text = "left out: ";
    if (!files.isEmpty()) {
      text +=
          files.size()
              + (files.size() == 1 ? " file that is" : " files that are")
              + " not "
              + Image.ALLOWED
              + " ("
              + endings()
              + ")";
    }
    if (!linkedFolders.isEmpty()) {
      text +=
          (files.isEmpty() ? "" : ", ")
              + linkedFolders.size()
              + (linkedFolders.size() == 1 ? " linked folder (" : " linked folders (")
              + some(List.copyOf(linkedFolders), FOLDERS_SHOWN)
              + ')';
    }
    return Optional.of(text);
  }

  /** Returns the endings, the most frequent first. */
  private String endings() {
    Map<String, Integer> counts = new TreeMap<>();
    files.forEach(file -> counts.merge(ending(file), 1, Integer::sum));
    List<String> all =
        counts.entrySet().stream()
            .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
            .map(each -> each.getKey() + " " + each.getValue())
            .collect(Collectors.toList());
    return some(all, ENDINGS_SHOWN);
  }

  private static String some(List<String> all, int shown) {
    return String.join(", ", all.subList(0, Math.min(shown, all.size())))
        + (all.size() > shown ? " and " + (all.size() - shown) + " more" : "");
  }

  private static String ending(String file) {
    String name = file.substring(file.lastIndexOf('/') + 1);
    int dot = name.lastIndexOf('.');
    if (name.startsWith(".")) {
      return "hidden";
    }
    return dot < 0 ? "without ending" : name.substring(dot).toLowerCase(Locale.ROOT);
  }
}
