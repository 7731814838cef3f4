package chorale.evaluation;

import chorale.variants.ModelSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The labels of a collection of images, checked against a model set's classes. Stateless. */
public final class ClassLabels {
  private static final int SHOWN = 20;

  private ClassLabels() {}

  /**
   * @param labels of the images, each once
   * @throws EvaluationException there are none, or some are no class of the set
   */
  public static void require(Collection<String> labels, ModelSet set) throws EvaluationException {
    if (labels.isEmpty()) {
      throw new EvaluationException(
          "no labels (needed: a folder of images for each class, at least two; classes: "
              + some(set.classes())
              + ")");
    }
    List<String> unknown = new ArrayList<>(labels);
    unknown.removeAll(set.classes());
    if (!unknown.isEmpty()) {
      throw new EvaluationException(
          "no class of the set "
              + set.name()
              + ": "
              + some(unknown)
              + (unknown.size() == labels.size()
                  ? "; is it another set's data? --models chooses"
                  : "")
              + " (allowed: "
              + some(set.classes())
              + ")");
    }
  }

  private static String some(List<String> names) {
    return String.join(", ", names.subList(0, Math.min(SHOWN, names.size())))
        + (names.size() > SHOWN ? " and " + (names.size() - SHOWN) + " more" : "");
  }
}
