package chorale.bench;

import chorale.aggregator.fusion.Fused;
import chorale.aggregator.fusion.FusionRule;
import chorale.aggregator.fusion.Vote;
import chorale.imaging.ImageRejectedException;
import chorale.protocol.Address;
import chorale.protocol.Bytes;
import chorale.protocol.Fusion;
import chorale.protocol.Judgment;
import chorale.protocol.Limits;
import chorale.protocol.Message;
import chorale.protocol.RequestRules;
import chorale.protocol.Topics;
import chorale.variants.ModelSet;
import chorale.variants.VariantManifest;
import chorale.worker.Classifier;
import chorale.worker.Probabilities;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32;

/**
 * A program that classifies every file of a folder without a broker, with the product's code: the
 * rules for requests, each variant's {@link Classifier}, and the aggregator's fusion. It prints a
 * line for each case, separated by tabs: the case, its answer, the change of the score, and a
 * checksum of all probabilities. {@code scripts/proof-frames} compares these lines between two
 * versions of Java.
 *
 * <p>A folder with a {@code plain.jpg} holds forms of one image; files of the same name in several
 * such folders are one case. An answer is right if it is the class of {@code plain.jpg}; the change
 * is the difference between this class's scores for the two images.
 */
final class FrameProof implements AutoCloseable {
  private static final String PLAIN = "plain.jpg";
  private static final int MAX_PIXELS = 25_165_824;
  private static final FusionRule RULE = FusionRule.of(Fusion.DEFAULT);
  private static final Topics TOPICS = new Topics("proof");
  private static final RequestRules RULES =
      new RequestRules(TOPICS, RequestRules.Defaults.STANDARD, List.of());

  private final ModelSet set;
  private final List<Classifier> classifiers = new ArrayList<>();
  private final Map<String, Case> cases = new TreeMap<>();

  /** The outcome of a frame: a fused answer, or the reason why there is none. */
  private record Outcome(Optional<Fused> fused, String refused, long checksum) {
    double score(int index) {
      return fused.stream()
          .flatMap(each -> each.ranked().stream())
          .filter(each -> each.index() == index)
          .mapToDouble(Fused.Scored::score)
          .findFirst()
          .orElse(0);
    }
  }

  /** The frames of the same name. */
  private static final class Case {
    final Map<String, Integer> outcomes = new LinkedHashMap<>();
    final CRC32 checksum = new CRC32();
    double change;

    void add(String outcome, long frameChecksum) {
      outcomes.merge(outcome, 1, Integer::sum);
      checksum.update(Long.toString(frameChecksum).getBytes(StandardCharsets.UTF_8));
    }
  }

  private FrameProof(ModelSet set) throws Exception {
    this.set = set;
    for (VariantManifest variant : set.variants()) {
      Classifier.Settings settings = new Classifier.Settings(1, MAX_PIXELS);
      classifiers.add(Classifier.open(set, variant.id(), settings, System::nanoTime));
    }
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    ModelSet set = ModelSet.load(BenchSettings.home("variants", "models", "cifar10"));
    try (FrameProof proof = new FrameProof(set)) {
      for (Path file : files(folder)) {
        proof.answer(folder, file);
      }
      proof.cases.forEach(FrameProof::print);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (var paths = Files.walk(folder)) {
      return paths.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static void print(String name, Case found) {
    String outcome =
        found.outcomes.entrySet().stream()
            .map(each -> each.getKey().formatted(each.getValue()))
            .reduce((one, other) -> one + "; " + other)
            .orElseThrow();
    String change = found.change < .0005 ? "" : "%.3f".formatted(found.change);
    System.out.println(
        String.join("\t", name, outcome, change, Long.toHexString(found.checksum.getValue())));
  }

  private void answer(Path folder, Path file) throws IOException {
    Outcome outcome = outcome(Bytes.wrap(Files.readAllBytes(file)));
    Path plain = file.resolveSibling(PLAIN);
    if (!Files.exists(plain)) {
      Case alone = cases.computeIfAbsent(folder.relativize(file).toString(), name -> new Case());
      alone.add(shown(outcome), outcome.checksum());
      return;
    }
    Case found = cases.computeIfAbsent(file.getFileName().toString(), name -> new Case());
    Outcome reference = outcome(Bytes.wrap(Files.readAllBytes(plain)));
    int right = reference.fused().orElseThrow().winner();
    found.add(shown(outcome, right), outcome.checksum());
    if (outcome.fused().isPresent()) {
      double change = Math.abs(outcome.score(right) - reference.score(right));
      found.change = Math.max(found.change, change);
    }
  }

  private String shown(Outcome outcome) {
    return outcome
        .fused()
        .map(
            fused ->
                "answered %s, confidence %.2f"
                    .formatted(
                        set.classes().get(fused.winner()),
                        set.calibration().apply(Math.min(1, fused.meanProbability()))))
        .orElse(outcome.refused());
  }

  /** Returns the outcome with a placeholder for the number of images. */
  private static String shown(Outcome outcome, int right) {
    return outcome
        .fused()
        .map(fused -> "%d x " + (fused.winner() == right ? "right" : "WRONG") + " class")
        .orElse("%d x " + outcome.refused().replace("%", "%%"));
  }

  private Outcome outcome(Bytes image) {
    Message message = Message.of(TOPICS.image("camera"), image);
    Address address = TOPICS.parse(message.topic());
    if (RULES.judge(address, message) instanceof Judgment.Bad<?> bad) {
      return refused("bad_request: " + bad.detail());
    }
    if (RULES.judge(address, message) instanceof Judgment.Ignored<?> ignored) {
      return refused("ignored: " + ignored.reason().name().toLowerCase(Locale.ROOT));
    }
    try {
      List<Vote> votes = new ArrayList<>();
      CRC32 checksum = new CRC32();
      for (Classifier classifier : classifiers) {
        Probabilities found = classifier.classify(image).probabilities();
        for (int i = 0; i < found.classCount(); i++) {
          checksum.update(Double.toString(found.of(i)).getBytes(StandardCharsets.UTF_8));
        }
        VariantManifest variant = classifier.manifest();
        votes.add(
            new Vote(
                variant.id(),
                variant.alpha(),
                variant.inputSize(),
                set.classes().size(),
                found.topK(Limits.DEFAULT_K)));
      }
      return new Outcome(Optional.of(RULE.fuse(votes)), "", checksum.getValue());
    } catch (ImageRejectedException e) {
      return refused(e.error().code() + ": " + e.getMessage());
    }
  }

  private static Outcome refused(String why) {
    return new Outcome(Optional.empty(), why, why.hashCode());
  }

  @Override
  public void close() {
    classifiers.forEach(Classifier::close);
  }
}
