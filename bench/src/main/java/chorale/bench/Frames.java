package chorale.bench;

import chorale.bench.Figure.Target;
import chorale.bench.FrameTrial.Measured;
import chorale.bench.FrameTrial.Setting;
import chorale.evaluation.EvaluationException;
import chorale.evaluation.Inference;
import chorale.evaluation.LabelledImage;
import chorale.publisher.ImageListing;
import chorale.publisher.ImageSource;
import chorale.publisher.RightSize;
import chorale.publisher.SourceException;
import chorale.variants.ModelSet;
import chorale.variants.ModelSetException;
import chorale.variants.VariantManifest;
import chorale.worker.Classifier;
import chorale.worker.NativeRuntime;
import chorale.worker.WorkerStartException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a right-sized frame weighs and what it costs in accuracy, over sizes and JPEG qualities, on
 * labelled images. Offline, by the product's own parts: the publisher's {@link RightSize}, the
 * worker's {@link Classifier}, the aggregator's fusion. Images larger than every input show what
 * size does; smaller ones show what quality does.
 */
final class Frames implements Part {
  /** The publisher's own, unless it is told another. */
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
  public Findings run(Settings settings) throws BenchException {
    Path path =
        settings
            .data()
            .orElseGet(() -> Path.of(System.getProperty("chorale.home", ""), "pictures"));
    try (ImageListing listing = ImageListing.of(List.of(path))) {
      ModelSet set = ModelSet.load(settings.models());
      NativeRuntime.prepare(NativeRuntime.defaultCache(System.getenv()));
      try (Inference inference =
          new Inference(set, new Classifier.Settings(1, RightSize.MAX_PIXELS), System::nanoTime)) {
        return measure(set, new FrameTrial(inference, images(listing, settings)), settings);
      }
    } catch (SourceException e) {
      throw new BenchException("--data: " + e.getMessage(), e);
    } catch (ModelSetException | EvaluationException | WorkerStartException e) {
      throw new BenchException(e.getMessage(), e);
    }
  }

  private static List<LabelledImage> images(ImageListing listing, Settings settings)
      throws BenchException {
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
      throw new BenchException(
          "--data: no labelled image (needed: a folder of images for each class, at least two)");
    }
    return images;
  }

  private static Findings measure(ModelSet set, FrameTrial trial, Settings settings)
      throws EvaluationException {
    Measured unchanged = trial.unchanged();
    List<Integer> sides = sides(set, trial.longestSide());
    List<Measured> grid = new ArrayList<>();
    for (int side : settings.quick() ? sides.subList(0, 1) : sides) {
      for (int quality : settings.quick() ? List.of(QUALITY) : QUALITIES) {
        grid.add(trial.of(new Setting(side, quality)));
        settings.tell(grid.get(grid.size() - 1).setting() + " done");
      }
    }
    return new Findings(
        figures(set, unchanged, grid),
        FramePlots.of(set, unchanged, grid),
        notes(unchanged, sides.get(0)));
  }

  /** The inputs that narrow these images, largest first; where none does, their own size. */
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

  private static List<Figure> figures(ModelSet set, Measured unchanged, List<Measured> grid) {
    List<Figure> figures = new ArrayList<>();
    figures.add(known("images as they are, each", "KB", unchanged.kilobytes()));
    figures.add(known("images as they are, all variants right", "%", unchanged.together()));
    int largest = grid.get(0).setting().side();
    for (Measured each : grid) {
      Setting setting = each.setting();
      if (setting.side() == largest || setting.quality() == QUALITY) {
        double change = each.together() - unchanged.together();
        boolean isDefault = setting.side() == largest && setting.quality() == QUALITY;
        figures.add(known(setting + ", a frame", "KB", each.kilobytes()));
        figures.add(
            new Figure(
                setting + ", all variants, change",
                "points",
                isDefault
                        && largest != Setting.OWN
                        && unchanged.evaluation().images() >= ENOUGH_TO_JUDGE
                    ? Optional.of(UNCHANGED)
                    : Optional.empty(),
                Spread.once(change)));
        if (isDefault) {
          figures.add(known(setting + ", to make a frame", "ms", each.millis()));
        }
      }
    }
    figures.addAll(alone(set, unchanged, grid));
    return figures;
  }

  /** Each variant as the only one there: its frames are as small as its own input. */
  private static List<Figure> alone(ModelSet set, Measured unchanged, List<Measured> grid) {
    List<Figure> figures = new ArrayList<>();
    for (int i = 0; i < set.variants().size(); i++) {
      VariantManifest variant = set.variants().get(i);
      for (Measured each : grid) {
        boolean isOwn =
            each.setting().side() == variant.inputSize() || each.setting().side() == Setting.OWN;
        if (isOwn && each.setting().quality() == QUALITY) {
          String name = variant.id() + " alone, " + each.setting();
          figures.add(known(name + ", right", "%", each.alone(i)));
          figures.add(known(name + ", change", "points", each.alone(i) - unchanged.alone(i)));
        }
      }
    }
    return figures;
  }

  private static Figure known(String name, String unit, double value) {
    return Figure.known(name, unit, Spread.once(value));
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
