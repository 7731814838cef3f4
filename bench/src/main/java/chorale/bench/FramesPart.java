package chorale.bench;

import chorale.bench.Figure.Target;
import chorale.bench.FrameTrial.Measured;
import chorale.bench.FrameTrial.Setting;
import chorale.evaluation.EvaluationException;
import chorale.evaluation.Inference;
import chorale.evaluation.LabeledImage;
import chorale.evaluation.measurement.MeasurementException;
import chorale.evaluation.report.Plot;
import chorale.evaluation.report.SeriesStyle;
import chorale.evaluation.report.XyPlot;
import chorale.publisher.ImageListing;
import chorale.publisher.ImageSource;
import chorale.publisher.RightSize;
import chorale.variants.ModelSet;
import chorale.variants.VariantManifest;
import chorale.worker.Classifier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A measurement of right-sized frames: bytes and loss of accuracy, over sizes and JPEG qualities.
 * Needs labeled images larger than the networks' inputs. Runs without a broker, with the product's
 * code: the publisher's {@link RightSize}, the worker's {@link Classifier}, the aggregator's
 * fusion.
 */
final class FramesPart extends BenchPart {
  /** The publisher's default. */
  private static final int QUALITY = 85;

  private static final List<Integer> QUALITIES = List.of(50, 60, 70, 75, 80, QUALITY, 90, 95);

  /** The change of accuracy that right-sizing may cause, in percentage points. */
  private static final Target UNCHANGED = Target.atLeast(-.1);

  /**
   * Minimum number of images for a comparison with the target: one image then changes the accuracy
   * by at most 0.1 percentage points.
   */
  private static final int ENOUGH_TO_JUDGE = 1_000;

  FramesPart() {
    super("frames", "bytes and accuracy of right-sized frames, over size and JPEG quality");
  }

  @Override
  Findings run(BenchSettings settings) throws Exception {
    Path path = settings.data().orElseGet(() -> BenchSettings.home("pictures"));
    ModelSet set = BenchModels.open(settings.models()).set();
    Classifier.Settings oneThread = new Classifier.Settings(1, RightSize.MAX_PIXELS);
    try (ImageListing listing = ImageListing.of(List.of(path));
        Inference inference = new Inference(set, oneThread, System::nanoTime)) {
      return measure(set, new FrameTrial(inference, images(listing, settings)), settings);
    }
  }

  private static List<LabeledImage> images(ImageListing listing, BenchSettings settings)
      throws MeasurementException {
    List<LabeledImage> images = new ArrayList<>();
    ImageSource source = listing.sample(settings.either(listing.size(), 10), 1);
    ImageSource.Next next = source.next();
    while (!(next instanceof ImageSource.Next.Ended)) {
      if (next instanceof ImageSource.Next.Ready ready && ready.image().label().isPresent()) {
        var image = ready.image();
        images.add(new LabeledImage(image.name(), image.label().get(), image.content()));
      }
      next = source.next();
    }
    if (images.isEmpty()) {
      throw new MeasurementException(
          "--data: no labeled image (needed: a folder of images for each class, at least two)");
    }
    return images;
  }

  private static Findings measure(ModelSet set, FrameTrial trial, BenchSettings settings)
      throws EvaluationException {
    List<Integer> sides =
        set.variants().stream()
            .map(VariantManifest::inputSize)
            .distinct()
            .sorted(Comparator.reverseOrder())
            .toList();
    Measured unchanged = trial.unchanged();
    Map<Setting, Measured> grid = new LinkedHashMap<>();
    for (int side : settings.quick() ? sides.subList(0, 1) : sides) {
      for (int quality : settings.quick() ? List.of(QUALITY) : QUALITIES) {
        Setting setting = new Setting(side, quality);
        grid.put(setting, trial.of(setting));
        settings.tell(setting + " done");
      }
    }
    int images = unchanged.evaluation().images();
    FigureList figures = new FigureList();
    figures.once("images as they are, each", "KB", unchanged.kilobytes());
    figures.once("images as they are, all variants right", "%", unchanged.together());
    grid.forEach((setting, each) -> together(figures, setting, each, unchanged, sides.get(0)));
    alone(figures, set, unchanged, grid);
    return new Findings(
        figures.figures(),
        List.of(plot(unchanged, grid)),
        List.of(
            images
                + " images: each image changes the accuracy by "
                + Figure.shown(100.0 / images)
                + " percentage points"));
  }

  /**
   * Adds the figures of the largest size at all qualities, and of all sizes at the default quality.
   */
  private static void together(
      FigureList figures, Setting setting, Measured frames, Measured unchanged, int largest) {
    boolean isLargest = setting.side() == largest;
    boolean isDefault = setting.quality() == QUALITY;
    if (isLargest || isDefault) {
      boolean judged = isLargest && isDefault && unchanged.evaluation().images() >= ENOUGH_TO_JUDGE;
      figures.once(setting + ", a frame", "KB", frames.kilobytes());
      figures.add(
          setting + ", all variants, change",
          "points",
          judged ? Optional.of(UNCHANGED) : Optional.empty(),
          Spread.once(frames.together() - unchanged.together()));
    }
    if (isLargest && isDefault) {
      figures.once(setting + ", to make a frame", "ms", frames.millis());
    }
  }

  /** Adds the figures of each variant alone, with frames of its own input size. */
  private static void alone(
      FigureList figures, ModelSet set, Measured unchanged, Map<Setting, Measured> grid) {
    for (int i = 0; i < set.variants().size(); i++) {
      VariantManifest variant = set.variants().get(i);
      Setting own = new Setting(variant.inputSize(), QUALITY);
      if (grid.containsKey(own)) {
        String name = variant.id() + " alone, " + own;
        double right = grid.get(own).alone(i);
        figures.once(name + ", right", "%", right);
        figures.once(name + ", change", "points", right - unchanged.alone(i));
      }
    }
  }

  /** Plots accuracy against bytes: a line for each size, a point for each quality. */
  private static Plot plot(Measured unchanged, Map<Setting, Measured> grid) {
    Map<Integer, List<Measured>> sizes = new LinkedHashMap<>();
    grid.forEach(
        (setting, each) ->
            sizes.computeIfAbsent(setting.side(), side -> new ArrayList<>()).add(each));
    XyPlot plot =
        new XyPlot(
                "All variants together, by size and JPEG quality (the images as they are: %s %%)"
                    .formatted(Figure.shown(unchanged.together())),
                "KB a frame",
                "right answers, %")
            .patterns("0.##", "0.#");
    int index = 0;
    for (Map.Entry<Integer, List<Measured>> size : sizes.entrySet()) {
      plot.line(
          size.getKey() + " px",
          size.getValue().stream().map(Measured::kilobytes).toList(),
          size.getValue().stream().map(Measured::together).toList(),
          SeriesStyle.marked(index++));
    }
    return plot.plot("frames-size");
  }
}
