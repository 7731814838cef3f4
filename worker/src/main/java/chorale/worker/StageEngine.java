package chorale.worker;

import chorale.imaging.ImageDecoder;
import chorale.imaging.ImageRejectedException;
import chorale.imaging.Resize;
import chorale.protocol.Limits;
import chorale.protocol.Stage;
import chorale.protocol.Ticker;
import chorale.protocol.strategy.Tensor;
import chorale.protocol.strategy.TensorCodec;
import chorale.protocol.strategy.TensorType;
import chorale.variants.ModelSet;
import chorale.variants.ModelSetException;
import chorale.variants.StageManifest;
import chorale.variants.VariantManifest;
import java.nio.FloatBuffer;
import java.util.Objects;

/**
 * One stage of a network that is cut over several boards. The first decodes and resizes images, the
 * last answers; between them tensors go from board to board. Its buffers are reused from image to
 * image; one owning thread.
 */
public final class StageEngine implements Engine {
  private final ModelSet modelSet;
  private final VariantManifest manifest;
  private final StageManifest stageManifest;
  private final Settings settings;

  private final ImageDecoder decoder;
  private final Resize resize;
  private final OnnxModel model;
  private final double selfBenchmarkMillis;

  /**
   * Which stage, and how it runs.
   *
   * @param tensorType of what it hands on
   */
  public record Settings(Stage stage, TensorType tensorType, Classifier.Settings runtime) {
    public Settings {
      Objects.requireNonNull(stage, "stage");
      Objects.requireNonNull(tensorType, "tensorType");
      Objects.requireNonNull(runtime, "runtime");
    }
  }

  private StageEngine(
      ModelSet modelSet, VariantManifest manifest, OnnxModel model, Dependencies dependencies)
      throws ModelSetException {
    this.modelSet = modelSet;
    this.manifest = manifest;
    this.model = model;
    this.settings = dependencies.settings();
    this.stageManifest = stage(manifest, settings);
    this.decoder = new ImageDecoder(settings.runtime().maxPixels());
    this.resize = new Resize(manifest.inputSize(), manifest.inputSize());
    GoldenInput.fill(model.input(), stageManifest.input());
    GoldenInput.require(stageManifest, model);
    this.selfBenchmarkMillis =
        SelfBenchmark.millis(() -> model.run(FloatBuffer::remaining), dependencies.ticker());
  }

  private StageEngine(StageEngine first) {
    this.modelSet = first.modelSet;
    this.manifest = first.manifest;
    this.model = first.model.another();
    this.settings = first.settings;
    this.stageManifest = first.stageManifest;
    this.decoder = new ImageDecoder(settings.runtime().maxPixels());
    this.resize = new Resize(manifest.inputSize(), manifest.inputSize());
    this.selfBenchmarkMillis = first.selfBenchmarkMillis;
  }

  private record Dependencies(Settings settings, Ticker ticker) {}

  /**
   * Opens a stage: its digest and shapes are checked, the golden input is read, and a few
   * inferences are timed.
   *
   * @throws ModelSetException no such variant or stage, or a file that is not what its manifest
   *     says
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
            Signature.of(manifest, stage, settings.stage().isFirst()),
            stage.readModel(),
            settings.runtime().intraOpThreads());
    try {
      return new StageEngine(modelSet, manifest, model, new Dependencies(settings, ticker));
    } catch (ModelSetException | RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private static StageManifest stage(VariantManifest manifest, Settings settings)
      throws ModelSetException {
    Stage stage = settings.stage();
    if (manifest.stages().size() != stage.count()) {
      throw new ModelSetException(
          manifest.model()
              + ": has "
              + manifest.stages().size()
              + " stages, asked for stage "
              + stage);
    }
    return manifest.stages().get(stage.index() - 1);
  }

  private static void requireSmallEnough(StageManifest stage, TensorType type)
      throws ModelSetException {
    if (stage.output().isPresent() && !TensorCodec.fits(stage.output().get(), type)) {
      throw new ModelSetException(
          stage.model()
              + ": its output of "
              + stage.output().get()
              + ' '
              + type.label()
              + " values is too large to be sent (allowed: messages of "
              + Limits.MAX_TENSOR_BYTES
              + " bytes)");
    }
  }

  @Override
  public Output run(Input input) throws ImageRejectedException {
    if (input instanceof Input.Image image && settings.stage().isFirst()) {
      resize.apply(decoder.decode(image.encoded()), model.input());
    } else if (input instanceof Input.Handed handed
        && !settings.stage().isFirst()
        && handed.tensor().shape().equals(stageManifest.input())) {
      handed.tensor().copyTo(model.input());
    } else {
      throw new IllegalArgumentException("not the input of stage " + settings.stage());
    }
    return model.run(this::output);
  }

  private Output output(FloatBuffer values) {
    if (stageManifest.output().isPresent()) {
      return new Output.Handed(
          Tensor.of(stageManifest.output().get(), settings.tensorType(), values));
    }
    float[] probabilities = new float[manifest.classCount()];
    values.get(probabilities);
    return new Output.Answer(Probabilities.wrap(probabilities));
  }

  @Override
  public StageEngine another() {
    return new StageEngine(this);
  }

  @Override
  public Stage stage() {
    return settings.stage();
  }

  @Override
  public ModelSet modelSet() {
    return modelSet;
  }

  @Override
  public VariantManifest manifest() {
    return manifest;
  }

  @Override
  public double selfBenchmarkMillis() {
    return selfBenchmarkMillis;
  }

  @Override
  public void close() {
    model.close();
  }
}
