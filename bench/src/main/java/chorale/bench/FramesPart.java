package chorale.bench;

import chorale.bench.Figure.Target;
import chorale.bench.FrameTrial.Measured;
import chorale.bench.FrameTrial.Setting;
import chorale.evaluation.EvaluationException;
import chorale.evaluation.Inference;
import chorale.evaluation.LabelledImage;
import chorale.evaluation.measurement.MeasurementException;
import chorale.publisher.ImageListing;
import chorale.publisher.ImageSource;
import chorale.publisher.RightSize;
import chorale.variants.ModelSet;
import chorale.variants.VariantManifest;
import chorale.worker.Classifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Bytes of a right-sized frame and its cost in accuracy, over sizes and JPEG qualities, on labelled
 * images. Offline, by the product's own parts: the publisher's {@link RightSize}, the worker's
 * {@link Classifier}, the aggregator's fusion. Images larger than every input show the effect of
 * size; smaller ones show the effect of quality.
 */
final class FramesPart implements BenchPart {
  /** The publisher's default. */
  private static final int QUALITY = 85;

  private static final List<Integer> QUALITIES = List.of(50, 60, 70, 75, 80, QUALITY, 90, 95);

  /** Points of accuracy that right-sizing may cost; judged only where one image is no more. */
  private static final Target UNCHANGED = Target.atLeast(-.1);

  private static final int ENOUGH_TO_JUDGE = 1_000;

  @Override
  public String name() {
    return "frames";
  }

  @Override
  public String about() {
    return "bytes and accuracy of right-sized frames, over size and JPEG quality";
  }

  @Override
  public Findings run(BenchSettings settings) throws Exception {
    Path path = settings.data().orElseGet(() -> BenchSettings.home("pictures"));
    ModelSet set = BenchModels.open(settings.models()).set();
    Classifier.Settings oneThread = new Classifier.Settings(1, RightSize.MAX_PIXELS);
    try (ImageListing listing = ImageListing.of(List.of(path));
        Inference inference = new Inference(set, oneThread, System::nanoTime)) {
      return measure(set, new FrameTrial(inference, images(listing, settings)), settings);
    }
  }

  private static List<LabelledImage> images(ImageListing listing, BenchSettings settings)
      throws MeasurementException {
    List<LabelledImage> images = new ArrayList<>();
    ImageSource source = listing.sample(settings.either(listing.size(), 10), 1);
    ImageSource.Next next = source.next();
    while (!(next instanceof ImageSource.Next.Ended)) {
      if (next instanceof ImageSource.Next.Ready ready && ready.image().label().isPresent()) {
        var image = ready.image();
        images.add(new LabelledImage(image.name(), image.label().get(), image.content()));
      }
      next = source.next();
    }
    if (images.isEmpty()) {
      throw new MeasurementException(
          "--data: no labelled image (needed: a folder of images for each class, at least two)");
    }
    return images;
  }

  private static Findings measure(ModelSet set, FrameTrial trial, BenchSettings settings)
      throws EvaluationException {
    Measured unchanged = trial.unchanged();
    List<Integer> sides = sides(set, trial.longestSide());
    List<Measured> grid = new ArrayList<>();
    for (int side : settings.quick() ? sides.subList(0, 1) : sides) {
      for (int quality : settings.quick() ? List.of(QUALITY) : QUALITIES) {
        Setting setting = new Setting(side, quality);
        grid.add(trial.of(setting));
        settings.tell(setting + " done");
      }
    }
    FigureList figures = new FigureList();
    together(figures, unchanged, grid);
    alone(figures, set, unchanged, grid);
    return new Findings(
        figures.figures(), FramePlots.of(set, unchanged, grid), notes(unchanged, sides.get(0)));
  }

  /** The inputs that make these images smaller, largest first; their own size if none does. */
  private static List<Integer> sides(ModelSet set, int longestSide) {
    List<Integer> sides =
        set.variants().stream()
            .map(VariantManifest::inputSize)
            .filter(side -> side < longestSide)
            .distinct()
            .sorted(Comparator.reverseOrder())
            .toList();
    return sides.isEmpty() ? List.of(Setting.OWN) : sides;
  }

  /** Of the largest size over all qualities, and of all sizes at the default quality. */
  private static void together(FigureList figures, Measured unchanged, List<Measured> grid) {
    figures.once("images as they are, each", "KB", unchanged.kilobytes());
    figures.once("images as they are, all variants right", "%", unchanged.together());
    int largest = grid.get(0).setting().side();
    boolean enough = largest != Setting.OWN && unchanged.evaluation().images() >= ENOUGH_TO_JUDGE;
    for (Measured each : grid) {
      Setting setting = each.setting();
      boolean isLargest = setting.side() == largest;
      boolean isDefault = setting.quality() == QUALITY;
      if (!isLargest && !isDefault) {
        continue;
      }
      boolean judged = isLargest && isDefault && enough;
      figures.once(setting + ", a frame", "KB", each.kilobytes());
      figures.add(
          setting + ", all variants, change",
          "points",
          judged ? Optional.of(UNCHANGED) : Optional.empty(),
          Spread.once(each.together() - unchanged.together()));
      if (isLargest && isDefault) {
        figures.once(setting + ", to make a frame", "ms", each.millis());
      }
    }
  }

  /** Each variant as the only one there: its frames are as small as its own input. */
  private static void alone(
      FigureList figures, ModelSet set, Measured unchanged, List<Measured> grid) {
    for (int i = 0; i < set.variants().size(); i++) {
      VariantManifest variant = set.variants().get(i);
      for (Measured each : grid) {
        boolean isOwn =
            each.setting().side() == variant.inputSize() || each.setting().side() == Setting.OWN;
        if (isOwn && each.setting().quality() == QUALITY) {
          String name = variant.id() + " alone, " + each.setting();
          figures.once(name + ", right", "%", each.alone(i));
          figures.once(name + ", change", "points", each.alone(i) - unchanged.alone(i));
        }
      }
    }
  }

  private static List<String> notes(Measured unchanged, int largest) {
    int images = unchanged.evaluation().images();
    List<String> notes = new ArrayList<>();
    notes.add(images + " images: one is " + Figure.shown(100.0 / images) + " points");
    if (largest == Setting.OWN) {
      notes.add(
          "no image is larger than an input: the publisher would send them as they are; here they"
              + " are written anew, to show what that would cost");
    }
    return notes;
  }
}
