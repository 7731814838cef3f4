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
import chorale.protocol.Ticker;
import chorale.variants.ModelSetException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;

/**
 * A network loaded in ONNX Runtime; the only class that depends on that library. Its input is one
 * direct buffer in native byte order, which ONNX Runtime reads in place: fill {@link #input}, then
 * call {@link #run}. Used by one thread. {@link #another} returns an instance for another thread,
 * with its own input and the same session. The instance from {@link #open} owns the session; close
 * it last.
 *
 * <p>The session is created from bytes whose digest has been checked and that are self-contained
 * ({@link OnnxFile}). ONNX Runtime's threads do not spin while they wait: at 20 requests a second,
 * the default would keep half a core busy.
 */
public final class OnnxModel implements AutoCloseable {
  private final Signature.Port port;
  private final Network network;
  private final boolean owner;
  private final FloatBuffer input;
  private final OnnxTensor tensor;
  private final Map<String, OnnxTensor> inputs;
  private double selfBenchmarkMillis;
  private boolean closed;

  /**
   * A check of a network's output on the golden input against the output recorded at its export.
   */
  public interface GoldenCheck {
    /**
     * @param network its input holds the golden input
     */
    void require(OnnxModel network) throws ModelSetException;
  }

  /** A session with its options. Thread-safe: several threads may run it at the same time. */
  private record Network(OrtSession session, OrtSession.SessionOptions options) {
    void close() throws OrtException {
      try {
        session.close();
      } finally {
        options.close();
      }
    }
  }

  private OnnxModel(Signature.Port port, Network network, boolean owner) throws OrtException {
    this.port = port;
    this.network = network;
    this.owner = owner;
    this.input =
        ByteBuffer.allocateDirect(port.size() * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    this.tensor = OnnxTensor.createTensor(environment(), input, port.single());
    this.inputs = Map.of(port.name(), tensor);
  }

  /**
   * Loads a network. Call {@link #checked} before use.
   *
   * @param threads number of threads of one inference
   * @throws ModelSetException the file is not the network that its manifest describes
   * @throws WorkerStartException ONNX Runtime does not run on this machine
   */
  public static OnnxModel open(Signature signature, Bytes model, int threads)
      throws ModelSetException, WorkerStartException {
    OnnxFile.requireSelfContained(signature.file(), model);
    NativeRuntime.prepare(NativeRuntime.defaultCache(System.getenv()));
    try {
      OrtSession.SessionOptions options = options(threads);
      OrtSession session = null;
      try {
        session = environment().createSession(model.sharedArray(), options);
        requireShapes(session, signature);
        return new OnnxModel(signature.input(), new Network(session, options), true);
      } catch (OrtException | ModelSetException | RuntimeException e) {
        if (session != null) {
          session.close();
        }
        options.close();
        throw e;
      }
    } catch (OrtException e) {
      throw new ModelSetException(
          signature.file() + ": ONNX Runtime refuses it: " + e.getMessage(), e);
    } catch (LinkageError e) {
      throw unloadable(e);
    }
  }

  private static WorkerStartException unloadable(LinkageError error) {
    Throwable cause = error.getCause() == null ? error : error.getCause();
    for (Throwable each = cause; each != null; each = each.getCause()) {
      if (each instanceof IOException) {
        return new WorkerStartException(
            "ONNX Runtime cannot write to the temporary folder: %s; free some space there, or choose another folder with CHORALE_JAVA_OPTS=-Djava.io.tmpdir=DIR"
                .formatted(each.getMessage()),
            error);
      }
    }
    return new WorkerStartException(
        "ONNX Runtime's native library cannot be loaded: "
            + cause.getMessage()
            + " (needed: glibc 2.28 or newer, and the library for this processor)",
        error);
  }

  /**
   * Runs the golden input and measures the speed. Closes the network on failure.
   *
   * @throws ModelSetException names the model file and the difference
   */
  public OnnxModel checked(GoldenCheck check, Ticker ticker) throws ModelSetException {
    try {
      GoldenInput.fill(input, port);
      check.require(this);
      selfBenchmarkMillis = SelfBenchmark.millis(() -> run(FloatBuffer::remaining), ticker);
      return this;
    } catch (ModelSetException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private static OrtEnvironment environment() {
    return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "chorale");
  }

  /** Returns the same network with its own input, for another thread; close it before this one. */
  public OnnxModel another() {
    try {
      OnnxModel another = new OnnxModel(port, network, false);
      another.selfBenchmarkMillis = selfBenchmarkMillis;
      return another;
    } catch (OrtException e) {
      throw new IllegalStateException("cannot create a second input: " + e.getMessage(), e);
    }
  }

  /**
   * Returns the input. For an image: three planes (red, green, blue) of {@code S * S} normalized
   * values.
   */
  public FloatBuffer input() {
    return input;
  }

  /** Returns the shortest time of a few inferences, measured when the network was checked. */
  public double selfBenchmarkMillis() {
    return selfBenchmarkMillis;
  }

  /**
   * @param reader reads the output values, which are valid only until it returns
   * @throws IllegalStateException the network failed, returned a value that is not a number, or is
   *     closed
   */
  public <T> T run(Function<FloatBuffer, T> reader) {
    if (closed) {
      throw new IllegalStateException("the network is closed");
    }
    try (OrtSession.Result result = network.session().run(inputs)) {
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
    try {
      if (!owner) {
        giveBack();
      }
    } finally {
      tensor.close();
    }
    if (owner) {
      try {
        network.close();
      } catch (OrtException e) {
        throw new IllegalStateException("the network cannot be closed: " + e.getMessage(), e);
      }
    }
  }

  /**
   * Releases the arena memory reserved for one concurrent run. ONNX Runtime keeps this memory for
   * later runs. It frees unused memory at the end of a run that has this option.
   */
  private void giveBack() {
    try (OrtSession.RunOptions options = new OrtSession.RunOptions()) {
      options.addRunConfigEntry("memory.enable_memory_arena_shrinkage", "cpu:0");
      network.session().run(inputs, options).close();
    } catch (OrtException e) {
      throw new IllegalStateException("the network's memory cannot be freed: " + e.getMessage(), e);
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

  /** Requires the port's shape after the first dimension, N: one image or any number. */
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
        "%s: its %s is %s (allowed: '%s', float, %s)"
            .formatted(file, what, nodes.values(), name, Arrays.toString(expected)));
  }
}
