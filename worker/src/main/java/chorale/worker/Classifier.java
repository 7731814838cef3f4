package chorale.worker;

import chorale.imaging.ImageDecoder;
import chorale.imaging.ImageRejectedException;
import chorale.imaging.Pixels;
import chorale.imaging.Resize;
import chorale.protocol.Bytes;
import chorale.protocol.Stage;
import chorale.protocol.Ticker;
import chorale.protocol.strategy.Tensor.Shape;
import chorale.variants.ModelSet;
import chorale.variants.ModelSetException;
import chorale.variants.VariantManifest;
import java.util.Objects;

/**
 * One variant, ready to classify encoded images: decode, resize, infer. A plain class that knows
 * nothing of MQTT; a worker answers with it, and an evaluation measures with it. Its buffers are
 * reused from image to image; one owning thread.
 */
public final class Classifier implements Engine {
  private final ModelSet modelSet;
  private final VariantManifest manifest;
  private final Dependencies dependencies;

  private final ImageDecoder decoder;
  private final Resize resize;
  private final OnnxModel model;
  private final double selfBenchmarkMillis;

  /**
   * How images are read and networks run.
   *
   * @param intraOpThreads of one inference; 1 on small or shared boards
   * @param maxPixels of an image, by its header
   */
  public record Settings(int intraOpThreads, int maxPixels) {
    public Settings {
      if (intraOpThreads < 1 || maxPixels < 1) {
        throw new IllegalArgumentException(
            "intra-op threads "
                + intraOpThreads
                + " and max pixels "
                + maxPixels
                + " (allowed: at least 1)");
      }
    }
  }

  private Classifier(
      ModelSet modelSet, VariantManifest manifest, OnnxModel model, Dependencies dependencies)
      throws ModelSetException {
    this.modelSet = modelSet;
    this.manifest = manifest;
    this.model = model;
    this.dependencies = dependencies;
    this.decoder = dependencies.decoder();
    this.resize = new Resize(manifest.inputSize(), manifest.inputSize());
    GoldenInput.fill(model.input(), new Shape(3, manifest.inputSize(), manifest.inputSize()));
    GoldenInput.require(manifest, this::infer);
    this.selfBenchmarkMillis = SelfBenchmark.millis(this::infer, dependencies.ticker());
  }

  private Classifier(Classifier first) {
    this.modelSet = first.modelSet;
    this.manifest = first.manifest;
    this.dependencies = first.dependencies;
    this.model = first.model.another();
    this.decoder = dependencies.decoder();
    this.resize = new Resize(manifest.inputSize(), manifest.inputSize());
    this.selfBenchmarkMillis = first.selfBenchmarkMillis;
  }

  private record Dependencies(Settings settings, Ticker ticker) {
    ImageDecoder decoder() {
      return new ImageDecoder(settings.maxPixels());
    }
  }

  /**
   * Opens a variant: its digest and shapes are checked, the golden input is read, and a few
   * inferences are timed.
   *
   * @throws ModelSetException no such variant, or a file that is not what its manifest says
   * @throws WorkerStartException ONNX Runtime does not run on this machine
   */
  public static Classifier open(ModelSet modelSet, String variant, Settings settings, Ticker ticker)
      throws ModelSetException, WorkerStartException {
    Objects.requireNonNull(settings, "settings");
    Objects.requireNonNull(ticker, "ticker");
    VariantManifest manifest = modelSet.variant(variant);
    OnnxModel model =
        OnnxModel.open(Signature.of(manifest), manifest.readModel(), settings.intraOpThreads());
    try {
      return new Classifier(modelSet, manifest, model, new Dependencies(settings, ticker));
    } catch (ModelSetException | RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /**
   * @throws ImageRejectedException the image's fault: it is not decoded
   * @throws IllegalStateException the network failed, or this is closed
   */
  public Classification classify(Bytes image) throws ImageRejectedException {
    Ticker ticker = dependencies.ticker();
    long start = ticker.nanos();
    Pixels pixels = decoder.decode(image);
    long decoded = ticker.nanos();
    resize.apply(pixels, model.input());
    long resized = ticker.nanos();
    Probabilities probabilities = infer();
    long inferred = ticker.nanos();
    return new Classification(
        probabilities,
        micros(decoded - start),
        micros(resized - decoded),
        micros(inferred - resized));
  }

  @Override
  public Output run(Input input) throws ImageRejectedException {
    if (input instanceof Input.Image image) {
      return new Output.Answer(classify(image.encoded()).probabilities());
    }
    throw new IllegalArgumentException("a whole network takes images");
  }

  @Override
  public Classifier another() {
    return new Classifier(this);
  }

  @Override
  public Stage stage() {
    return Stage.WHOLE;
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

  private Probabilities infer() {
    return model.run(
        output -> {
          float[] probabilities = new float[manifest.classCount()];
          output.get(probabilities);
          return Probabilities.wrap(probabilities);
        });
  }

  static int micros(long nanos) {
    return (int) Math.min(Integer.MAX_VALUE, Math.max(0, nanos / 1_000));
  }
}
