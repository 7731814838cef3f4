package chorale.aggregator;

import static chorale.aggregator.VirtualTime.MILLI;

import chorale.protocol.Bytes;
import chorale.protocol.Digests;
import chorale.variants.ModelSet;
import chorale.variants.ModelSetException;
import chorale.variants.VariantManifest;
import chorale.worker.Engine;
import chorale.worker.Probabilities;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An engine without a network: the image's bytes and the variant determine the probabilities, the
 * virtual time and failures. Each vote can thus be predicted from the image.
 */
final class ModelEngine implements Engine {
  static final List<String> CLASSES = List.of("bird", "cat", "deer", "dog", "frog");
  static final List<Integer> SIZES = List.of(96, 128, 160);

  private static final int FAILING_ONE_IN = 25;
  private static final int SLOW_ONE_IN = 40;

  private final ModelSet set;
  private final VariantManifest manifest;
  private final VirtualTime time;

  private ModelEngine(ModelSet set, VariantManifest manifest, VirtualTime time) {
    this.set = set;
    this.manifest = manifest;
    this.time = time;
  }

  static ModelEngine of(ModelSet set, int number, VirtualTime time) {
    return new ModelEngine(set, set.variants().get(number), time);
  }

  /** Returns bytes that begin like a JPEG. */
  static Bytes jpeg(String content) {
    byte[] text = content.getBytes(StandardCharsets.UTF_8);
    return Bytes.wrap(ByteBuffer.allocate(4 + text.length).putInt(0xffd8ffdb).put(text).array());
  }

  /** Returns the image without a comment at its beginning. */
  private static Bytes uncommented(Bytes image) {
    ByteBuffer bytes = image.buffer();
    if (bytes.remaining() < 6 || bytes.getInt(0) != 0xffd8fffe) {
      return image;
    }
    int comment = 2 + bytes.getChar(4);
    byte[] rest = new byte[image.size() - comment];
    bytes.get(rest, 0, 2).position(2 + comment).get(rest, 2, rest.length - 2);
    return Bytes.wrap(rest);
  }

  /** Returns a variant's probabilities for an image. */
  static float[] probabilities(Bytes image, String variant) {
    int hash = mix(image.hashCode() * 31 + variant.hashCode());
    float[] values = new float[CLASSES.size()];
    float first = 0.35f + 0.6f * (hash >>> 8 & 0xFF) / 255;
    int favorite = Math.floorMod(mix(image.hashCode()), CLASSES.size());
    int winner = (hash & 3) == 0 ? Math.floorMod(hash >>> 3, CLASSES.size()) : favorite;
    Arrays.fill(values, (1 - first) / (CLASSES.size() - 1));
    values[winner] = first;
    return values;
  }

  /** Returns whether a variant fails on an image. */
  static boolean fails(Bytes image, String variant) {
    return Math.floorMod(mix(image.hashCode()), FAILING_ONE_IN) == 7 // all variants fail
        || Math.floorMod(mix(image.hashCode() + variant.hashCode()), FAILING_ONE_IN) == 0;
  }

  private static long nanos(Bytes image, String variant) {
    int hash = mix(image.hashCode() - 7 * variant.hashCode());
    int millis = 2 + (hash >>> 8 & 31);
    return MILLI * (Math.floorMod(hash, SLOW_ONE_IN) == 0 ? 10L * millis : millis);
  }

  private static int mix(int value) {
    int mixed = (value ^ value >>> 16) * 0x7FEB352D;
    mixed = (mixed ^ mixed >>> 15) * 0x846CA68B;
    return mixed ^ mixed >>> 16;
  }

  @Override
  public Probabilities run(Input input) {
    Bytes image = uncommented(((Image) input).encoded());
    time.spend(nanos(image, manifest.id()));
    if (fails(image, manifest.id())) {
      throw new IllegalStateException("simulated failure");
    }
    return Probabilities.wrap(probabilities(image, manifest.id()));
  }

  @Override
  public Engine another() {
    throw new UnsupportedOperationException("one frame at a time");
  }

  @Override
  public ModelSet modelSet() {
    return set;
  }

  @Override
  public VariantManifest manifest() {
    return manifest;
  }

  @Override
  public double selfBenchmarkMillis() {
    return 1;
  }

  @Override
  public void close() {}

  /** Writes a model set of variants V1, V2 and V3 with dummy model files, and loads it. */
  static ModelSet write(Path directory) {
    List<String> ids = SIZES.stream().map(size -> "V" + (SIZES.indexOf(size) + 1)).toList();
    try {
      Files.writeString(
          directory.resolve("set.json"),
          """
          {"schema": 1, "name": "model", "classes": [%s], "class_digest": "%s",
           "preprocessing": {"resize": "antialiased-bilinear", "color": "RGB", "layout": "NCHW",
                             "offset": 127.5, "divisor": 127.5},
           "variants": [%s]}
          """
              .formatted(quoted(CLASSES), Digests.ofClasses(CLASSES).hex(), quoted(ids)));
      for (int i = 0; i < ids.size(); i++) {
        Bytes model = Bytes.utf8(ids.get(i));
        Files.write(directory.resolve(ids.get(i) + ".onnx"), model.toArray());
        Files.writeString(
            directory.resolve(ids.get(i) + ".json"),
            """
            {"schema": 1, "id": "%s", "model": "%s.onnx", "sha256": "%s", "base": "none",
             "alpha": 0.35, "input_size": %d, "head": 0, "precision": "fp32", "classes": 5,
             "macs": 1, "params": 1, "macs_100": 1, "params_100": 1, "validation_accuracy": 1,
             "golden": {"top1": 0, "probabilities": [1, 0, 0, 0, 0]}}
            """
                .formatted(ids.get(i), ids.get(i), Digests.sha256(model).hex(), SIZES.get(i)));
      }
      return ModelSet.load(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ModelSetException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String quoted(List<String> texts) {
    return texts.stream().map(text -> '"' + text + '"').collect(Collectors.joining(", "));
  }
}
