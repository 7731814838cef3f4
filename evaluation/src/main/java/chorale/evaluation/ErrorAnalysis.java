package chorale.evaluation;

import chorale.aggregator.fusion.Fused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * An error analysis of networks and fused answers: pairwise agreement, common errors and accuracy
 * by class. Used by one thread.
 */
final class ErrorAnalysis {
  private final Outputs outputs;
  private final List<Fused> fused;
  private final EvaluatedSet set;
  private final int variants;
  private final int networks;

  /**
   * @param fused the fused answer for each image
   */
  ErrorAnalysis(Outputs outputs, List<Fused> fused) {
    this.outputs = outputs;
    this.fused = fused;
    this.set = outputs.set();
    this.variants = set.variants().size();
    this.networks = set.networks().size();
  }

  List<List<Double>> agreement() {
    return IntStream.range(0, networks)
        .mapToObj(
            one -> IntStream.range(0, networks).mapToObj(other -> agreement(one, other)).toList())
        .toList();
  }

  private double agreement(int one, int other) {
    long same =
        IntStream.range(0, outputs.images())
            .filter(image -> outputs.top(one, image) == outputs.top(other, image))
            .count();
    return (double) same / outputs.images();
  }

  List<Evaluation.ByRight> byRight() {
    int[] images = new int[variants + 1];
    int[] fusedRight = new int[variants + 1];
    int[] referenceRight = new int[variants + 1];
    for (int image = 0; image < outputs.images(); image++) {
      int label = outputs.label(image);
      int right = 0;
      for (int variant = 0; variant < variants; variant++) {
        right += outputs.top(variant, image) == label ? 1 : 0;
      }
      images[right]++;
      fusedRight[right] += fused.get(image).winner() == label ? 1 : 0;
      if (set.reference().isPresent()) {
        referenceRight[right] += outputs.top(variants, image) == label ? 1 : 0;
      }
    }
    return IntStream.rangeClosed(0, variants)
        .mapToObj(
            right ->
                new Evaluation.ByRight(
                    right,
                    images[right],
                    fusedRight[right],
                    set.reference().map(each -> referenceRight[right])))
        .toList();
  }

  List<Evaluation.ClassAccuracy> perClass() {
    List<List<Integer>> imagesOf =
        set.classes().stream().<List<Integer>>map(name -> new ArrayList<>()).toList();
    for (int image = 0; image < outputs.images(); image++) {
      imagesOf.get(outputs.label(image)).add(image);
    }
    return IntStream.range(0, imagesOf.size())
        .mapToObj(label -> accuracy(label, imagesOf.get(label)))
        .toList();
  }

  private Evaluation.ClassAccuracy accuracy(int label, List<Integer> images) {
    String name = set.classes().get(label);
    if (images.isEmpty()) {
      return new Evaluation.ClassAccuracy(name, 0, Optional.empty(), List.of());
    }
    return new Evaluation.ClassAccuracy(
        name,
        images.size(),
        Optional.of(share(images, image -> fused.get(image).winner() == label)),
        IntStream.range(0, networks)
            .mapToObj(network -> share(images, image -> outputs.top(network, image) == label))
            .toList());
  }

  private static double share(List<Integer> images, Predicate<Integer> isRight) {
    return (double) images.stream().filter(isRight).count() / images.size();
  }
}
