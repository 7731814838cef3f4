package chorale.worker;

import chorale.imaging.ImageDecoder;
import chorale.imaging.ImageRejectedException;
import chorale.imaging.Pixels;
import chorale.imaging.Resize;
import chorale.protocol.Bytes;
import chorale.protocol.Ticker;
import chorale.variants.ModelSet;
import chorale.variants.ModelSetException;
import chorale.variants.VariantManifest;
import java.util.Objects;

/**
 * An image classifier that runs one variant: decode, resize, infer. It does not depend on MQTT:
 * workers and the evaluation share it. It reuses its buffers for every image. Used by one thread;
 * close it after use.
 */
public final class Classifier implements Engine {
  private final Network network;
  private final ImageDecoder decoder;
  private final Resize resize;
  private final OnnxModel model;

  /** The immutable state shared by a classifier and its copies for other threads. */
  private record Network(
      ModelSet modelSet, VariantManifest manifest, Settings settings, Ticker ticker) {
    Probabilities infer(OnnxModel model) {
      return model.run(values -> Probabilities.read(values, manifest.classCount()));
    }

    /** Returns the probabilities of the network's outputs, one per class of the model set. */
    Probabilities classes(Probabilities outputs) {
      return outputs.of(manifest.group(), modelSet.classes().size());
    }
  }

  /**
   * Limits and threads of a classifier.
   *
   * @param intraOpThreads threads of one inference; 1 on small or shared boards
   * @param maxPixels maximum number of pixels of an image, read from its header
   */
  public record Settings(int intraOpThreads, int maxPixels) {
    public Settings {
      if (intraOpThreads < 1 || maxPixels < 1) {
        throw new IllegalArgumentException(
            "intra-op threads %s and max pixels %s (allowed: at least 1)"
                .formatted(intraOpThreads, maxPixels));
      }
    }
  }

  private Classifier(Network network, OnnxModel model) {
    this.network = network;
    this.model = model;
    this.decoder = new ImageDecoder(network.settings().maxPixels());
    int side = network.manifest().inputSize();
    this.resize = new Resize(side, side);
  }

  /**
   * Opens a variant: checks its digest and shapes, runs the golden input, and times a few
   * inferences.
   *
   * @throws ModelSetException the variant does not exist, or a file differs from its manifest
   * @throws WorkerStartException ONNX Runtime does not run on this machine
   */
  public static Classifier open(ModelSet modelSet, String variant, Settings settings, Ticker ticker)
      throws ModelSetException, WorkerStartException {
    Objects.requireNonNull(settings, "settings");
    Objects.requireNonNull(ticker, "ticker");
    VariantManifest manifest = modelSet.variant(variant);
    Network network = new Network(modelSet, manifest, settings, ticker);
    OnnxModel model =
        OnnxModel.open(Signature.of(manifest), manifest.readModel(), settings.intraOpThreads())
            .checked(opened -> GoldenInput.require(manifest, () -> network.infer(opened)), ticker);
    return new Classifier(network, model);
  }

  /**
   * @throws ImageRejectedException the image cannot be decoded
   * @throws IllegalStateException the network failed, or this classifier is closed
   */
  public Classification classify(Bytes image) throws ImageRejectedException {
    Ticker ticker = network.ticker();
    long start = ticker.nanos();
    Pixels pixels = decoder.decode(image);
    long decoded = ticker.nanos();
    resize.apply(pixels, model.input());
    long resized = ticker.nanos();
    Probabilities probabilities = network.classes(network.infer(model));
    long inferred = ticker.nanos();
    return new Classification(
        probabilities,
        micros(decoded - start),
        micros(resized - decoded),
        micros(inferred - resized));
  }

  @Override
  public Probabilities run(Input input) throws ImageRejectedException {
    if (input instanceof Image image) {
      return classify(image.encoded()).probabilities();
    }
    throw new IllegalArgumentException("input: a tensor (allowed: an image)");
  }

  @Override
  public Classifier another() {
    return new Classifier(network, model.another());
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

  private static int micros(long nanos) {
    return (int) Math.min(Integer.MAX_VALUE, Math.max(0, nanos / 1_000));
  }
}
