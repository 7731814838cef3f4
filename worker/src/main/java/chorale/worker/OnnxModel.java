package chorale.worker;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import chorale.protocol.Bytes;
import chorale.variants.ModelSetException;
import chorale.variants.VariantManifest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;

/**
 * One network in ONNX Runtime, and the only class that knows that library. Its input is one direct
 * buffer in native order that ONNX Runtime reads in place: fill {@link #input}, then {@link #run}.
 * One owning thread.
 *
 * <p>The session is made from bytes whose digest has been checked and which hold all there is
 * ({@link OnnxFile}). Threads do not spin while they wait: by default they burn half a core at 20
 * requests a second.
 */
final class OnnxModel implements AutoCloseable {
  private static final String INPUT = "image";
  private static final String OUTPUT = "probabilities";

  private final int classCount;
  private final FloatBuffer input;
  private final OrtSession.SessionOptions options;
  private final OrtSession session;
  private final OnnxTensor tensor;
  private final Map<String, OnnxTensor> inputs;
  private boolean closed;

  private OnnxModel(VariantManifest manifest, Bytes model, int threads)
      throws OrtException, ModelSetException {
    int side = manifest.inputSize();
    classCount = manifest.classCount();
    input =
        ByteBuffer.allocateDirect(3 * side * side * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    OrtEnvironment environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "chorale");
    options = options(threads);
    OrtSession opened = null;
    try {
      opened = environment.createSession(model.sharedArray(), options);
      requireShapes(opened, manifest);
      tensor = OnnxTensor.createTensor(environment, input, new long[] {1, 3, side, side});
      session = opened;
    } catch (OrtException | ModelSetException | RuntimeException e) {
      if (opened != null) {
        opened.close();
      }
      options.close();
      throw e;
    }
    inputs = Map.of(INPUT, tensor);
  }

  /**
   * @param threads of one inference
   * @throws ModelSetException the file is not the network that its manifest describes
   * @throws WorkerStartException ONNX Runtime does not run on this machine
   */
  static OnnxModel open(VariantManifest manifest, Bytes model, int threads)
      throws ModelSetException, WorkerStartException {
    OnnxFile.requireSelfContained(manifest.model(), model);
    try {
      return new OnnxModel(manifest, model, threads);
    } catch (OrtException e) {
      throw new ModelSetException(
          manifest.model() + ": ONNX Runtime refuses it: " + e.getMessage(), e);
    } catch (LinkageError e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new WorkerStartException(
          "ONNX Runtime's native library cannot be loaded: "
              + cause.getMessage()
              + " (needed: glibc 2.28 or newer, and the library for this processor)",
          e);
    }
  }

  /** Three planes, red, green and blue, of {@code S * S} normalised values. */
  FloatBuffer input() {
    return input;
  }

  /**
   * @throws IllegalStateException the network failed, gave what is no number, or is closed
   */
  Probabilities run() {
    if (closed) {
      throw new IllegalStateException("the network is closed");
    }
    try (OrtSession.Result result = session.run(inputs)) {
      float[] probabilities = new float[classCount];
      ((OnnxTensor) result.get(0)).getFloatBuffer().get(probabilities);
      return Probabilities.wrap(probabilities);
    } catch (OrtException | IllegalArgumentException e) {
      throw new IllegalStateException("inference failed: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    tensor.close();
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("the network cannot be closed: " + e.getMessage(), e);
    } finally {
      options.close();
    }
  }

  private static OrtSession.SessionOptions options(int threads) throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    try {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      return options;
    } catch (OrtException e) {
      options.close();
      throw e;
    }
  }

  private static void requireShapes(OrtSession session, VariantManifest manifest)
      throws OrtException, ModelSetException {
    int side = manifest.inputSize();
    require(manifest, "input", INPUT, session.getInputInfo(), new long[] {1, 3, side, side});
    require(
        manifest, "output", OUTPUT, session.getOutputInfo(), new long[] {1, manifest.classCount()});
  }

  /** The first dimension is N, one image or any number of them. */
  private static void require(
      VariantManifest manifest,
      String what,
      String name,
      Map<String, NodeInfo> nodes,
      long[] expected)
      throws ModelSetException {
    if (nodes.size() == 1
        && nodes.containsKey(name)
        && nodes.get(name).getInfo() instanceof TensorInfo tensor
        && tensor.type == OnnxJavaType.FLOAT) {
      long[] shape = tensor.getShape();
      if (shape.length > 0 && shape[0] == -1) {
        shape[0] = 1;
      }
      if (Arrays.equals(shape, expected)) {
        return;
      }
    }
    throw new ModelSetException(
        manifest.model()
            + ": its "
            + what
            + " is "
            + nodes.values()
            + " (allowed: '"
            + name
            + "', float, "
            + Arrays.toString(expected)
            + ")");
  }
}
