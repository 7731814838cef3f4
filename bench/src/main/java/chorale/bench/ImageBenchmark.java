package chorale.bench;

import chorale.imaging.ImageDecoder;
import chorale.imaging.ImageRejectedException;
import chorale.imaging.Pixels;
import chorale.imaging.Resize;
import chorale.protocol.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A JMH benchmark from an encoded image to a network's input, as in a worker: decoding, then
 * resizing with normalization. Used by one thread.
 */
@State(Scope.Thread)
public class ImageBenchmark {
  @Param({"224x224", "640x480"})
  public String picture;

  @Param({"96", "128", "160", "192", "224"})
  public int input;

  private final ImageDecoder decoder = new ImageDecoder(1 << 20);
  private Bytes image = Bytes.EMPTY;
  private Pixels pixels;
  private Resize resize;
  private FloatBuffer planes;

  @Setup
  public void prepare() throws IOException, ImageRejectedException {
    image = picture.equals("224x224") ? BenchImages.load().get(0) : BenchImages.large();
    pixels = decoder.decode(image);
    resize = new Resize(input, input);
    planes =
        ByteBuffer.allocateDirect(3 * input * input * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
  }

  @Benchmark
  public FloatBuffer resize() {
    resize.apply(pixels, planes);
    return planes;
  }

  @Benchmark
  public FloatBuffer decodeAndResize() throws ImageRejectedException {
    resize.apply(decoder.decode(image), planes);
    return planes;
  }
}
