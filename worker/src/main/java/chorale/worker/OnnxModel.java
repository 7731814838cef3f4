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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;

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
  private final FloatBuffer input;
  private final OrtSession.SessionOptions options;
  private final OrtSession session;
  private final OnnxTensor tensor;
  private final Map<String, OnnxTensor> inputs;
  private boolean closed;

  private OnnxModel(Signature signature, Bytes model, int threads)
      throws OrtException, ModelSetException {
    input =
        ByteBuffer.allocateDirect(signature.input().size() * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    OrtEnvironment environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "chorale");
    options = options(threads);
    OrtSession opened = null;
    try {
      opened = environment.createSession(model.sharedArray(), options);
      requireShapes(opened, signature);
      tensor = OnnxTensor.createTensor(environment, input, signature.input().single());
      session = opened;
    } catch (OrtException | ModelSetException | RuntimeException e) {
      if (opened != null) {
        opened.close();
      }
      options.close();
      throw e;
    }
    inputs = Map.of(signature.input().name(), tensor);
  }

  /**
   * @param threads of one inference
   * @throws ModelSetException the file is not the network that its manifest describes
   * @throws WorkerStartException ONNX Runtime does not run on this machine
   */
  static OnnxModel open(Signature signature, Bytes model, int threads)
      throws ModelSetException, WorkerStartException {
    OnnxFile.requireSelfContained(signature.file(), model);
    try {
      return new OnnxModel(signature, model, threads);
    } catch (OrtException e) {
      throw new ModelSetException(
          signature.file() + ": ONNX Runtime refuses it: " + e.getMessage(), e);
    } catch (LinkageError e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new WorkerStartException(
          "ONNX Runtime's native library cannot be loaded: "
              + cause.getMessage()
              + " (needed: glibc 2.28 or newer, and the library for this processor)",
          e);
    }
  }

  /** Of an image: three planes, red, green and blue, of {@code S * S} normalised values. */
  FloatBuffer input() {
    return input;
  }

  /**
   * @param reader gets the output values, which are gone when it returns
   * @throws IllegalStateException the network failed, gave what is no number, or is closed
   */
  <T> T run(Function<FloatBuffer, T> reader) {
    if (closed) {
      throw new IllegalStateException("the network is closed");
    }
    try (OrtSession.Result result = session.run(inputs)) {
      return reader.apply(((OnnxTensor) result.get(0)).getFloatBuffer());
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

  private static void requireShapes(OrtSession session, Signature signature)
      throws OrtException, ModelSetException {
    require(signature.file(), "input", signature.input(), session.getInputInfo());
    require(signature.file(), "output", signature.output(), session.getOutputInfo());
  }

  /** The first dimension is N, one image or any number of them. */
  private static void require(
      Path file, String what, Signature.Port port, Map<String, NodeInfo> nodes)
      throws ModelSetException {
    String name = port.name();
    long[] expected = port.single();
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
        file
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
