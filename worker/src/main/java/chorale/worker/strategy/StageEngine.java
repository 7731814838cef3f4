package chorale.worker.strategy;

import chorale.imaging.ImageDecoder;
import chorale.imaging.ImageRejectedException;
import chorale.imaging.Resize;
import chorale.protocol.Limits;
import chorale.protocol.Stage;
import chorale.protocol.Ticker;
import chorale.protocol.strategy.Tensor;
import chorale.protocol.strategy.Tensor.Shape;
import chorale.protocol.strategy.TensorCodec;
import chorale.protocol.strategy.TensorType;
import chorale.variants.ModelSet;
import chorale.variants.ModelSetException;
import chorale.variants.StageManifest;
import chorale.variants.VariantManifest;
import chorale.worker.Classifier;
import chorale.worker.Engine;
import chorale.worker.OnnxModel;
import chorale.worker.Probabilities;
import chorale.worker.Signature;
import chorale.worker.Signature.Port;
import chorale.worker.WorkerStartException;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One stage of a network that is split across several boards. The first stage decodes and resizes
 * images, the last one returns probabilities; between stages, boards send tensors. Buffers are
 * reused for every image. Used by one thread at a time; close it after use.
 */
public final class StageEngine implements Engine {
  private final Network network;
  private final ImageDecoder decoder;
  private final Resize resize;
  private final OnnxModel model;

  /** The immutable state shared by an engine and its copies for other threads. */
  private record Network(
      ModelSet modelSet, VariantManifest manifest, StageManifest stage, Settings settings) {}

  /**
   * The stage to run, and its runtime settings.
   *
   * @param tensorType type of the output tensor
   */
  public record Settings(Stage stage, TensorType tensorType, Classifier.Settings runtime) {
    public Settings {
      Objects.requireNonNull(stage, "stage");
      Objects.requireNonNull(tensorType, "tensorType");
      Objects.requireNonNull(runtime, "runtime");
    }
  }

  private StageEngine(Network network, OnnxModel model) {
    this.network = network;
    this.model = model;
    this.decoder = new ImageDecoder(network.settings().runtime().maxPixels());
    int side = network.manifest().inputSize();
    this.resize = new Resize(side, side);
  }

  /**
   * Opens a stage: checks its digest and shapes, runs the golden input, and times a few inferences.
   *
   * @throws ModelSetException the variant or stage does not exist, or a file differs from its
   *     manifest
   * @throws WorkerStartException ONNX Runtime does not run on this machine
   */
  public static StageEngine open(
      ModelSet modelSet, String variant, Settings settings, Ticker ticker)
      throws ModelSetException, WorkerStartException {
    VariantManifest manifest = modelSet.variant(variant);
    StageManifest stage = stage(manifest, settings);
    requireSmallEnough(stage, settings.tensorType());
    OnnxModel model =
        OnnxModel.open(
                signature(manifest, stage, settings.stage().isFirst()),
                stage.readModel(),
                settings.runtime().intraOpThreads())
            .checked(opened -> StageGolden.require(stage, opened), ticker);
    return new StageEngine(new Network(modelSet, manifest, stage, settings), model);
  }

  private static Signature signature(VariantManifest whole, StageManifest stage, boolean first) {
    return new Signature(
        stage.model(),
        port(first ? Signature.IMAGE : "tensor", stage.input()),
        stage
            .output()
            .map(shape -> port("output", shape))
            .orElse(new Port(Signature.PROBABILITIES, List.of(whole.classCount()))));
  }

  private static Port port(String name, Shape shape) {
    return new Port(name, List.of(shape.channels(), shape.height(), shape.width()));
  }

  private static StageManifest stage(VariantManifest manifest, Settings settings)
      throws ModelSetException {
    Stage stage = settings.stage();
    if (manifest.stages().size() != stage.count()) {
      throw new ModelSetException(
          "%s: has %s stages, but stage %s is configured"
              .formatted(manifest.model(), manifest.stages().size(), stage));
    }
    return manifest.stages().get(stage.index() - 1);
  }

  private static void requireSmallEnough(StageManifest stage, TensorType type)
      throws ModelSetException {
    if (stage.output().isPresent() && !TensorCodec.fits(stage.output().get(), type)) {
      throw new ModelSetException(
          ("%s: its output of %s %s values is too large for a message (allowed: messages of up to "
                  + "%s bytes)")
              .formatted(
                  stage.model(), stage.output().get(), type.label(), Limits.MAX_TENSOR_BYTES));
    }
  }

  @Override
  public Output run(Input input) throws ImageRejectedException {
    Stage stage = network.settings().stage();
    if (input instanceof Image image && stage.isFirst()) {
      resize.apply(decoder.decode(image.encoded()), model.input());
    } else if (input instanceof Handed handed
        && !stage.isFirst()
        && handed.tensor().shape().equals(network.stage().input())) {
      handed.tensor().copyTo(model.input());
    } else {
      throw new IllegalArgumentException(
          "stage %s: input is %s (allowed: %s)".formatted(stage, described(input), allowed()));
    }
    return model.run(this::output);
  }

  private String allowed() {
    return network.settings().stage().isFirst()
        ? "an image"
        : "a tensor of " + network.stage().input();
  }

  private static String described(Input input) {
    return input instanceof Handed handed ? "a tensor of " + handed.tensor().shape() : "an image";
  }

  private Output output(FloatBuffer values) {
    Optional<Shape> handed = network.stage().output();
    return handed.isPresent()
        ? new Handed(Tensor.of(handed.get(), network.settings().tensorType(), values))
        : Probabilities.read(values, network.manifest().classCount());
  }

  @Override
  public StageEngine another() {
    return new StageEngine(network, model.another());
  }

  @Override
  public ModelSet modelSet() {
    return network.modelSet();
  }

  @Override
  public VariantManifest manifest() {
    return network.manifest();
  }

  @Override
  public double selfBenchmarkMillis() {
    return model.selfBenchmarkMillis();
  }

  @Override
  public void close() {
    model.close();
  }
}
