package chorale.imaging;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An antialiased bilinear resize: the whole image is stretched to the target size by a triangle
 * filter with half-pixel centers, in floats, and written as normalized planes ({@code x/127.5-1},
 * NCHW). It equals PyTorch's {@code interpolate(mode="bilinear", antialias=True,
 * align_corners=False)}, which the variants are trained with; tests compare it with stored
 * references.
 *
 * <p>The filter is separable and uses only sums of whole rows: the source rows are summed
 * vertically, the result is transposed, summed again, and transposed back. Luma and chroma are
 * converted to RGB last. The work is done in strips of target rows that fit into the processor's
 * cache. Each row has its own array, because Java 17 vectorizes a loop only if all arrays in it
 * have the same index.
 *
 * <p>The weights of the {@value #KEPT} most recent source lengths are cached. Buffers grow to the
 * largest size needed and are reused. One owning thread.
 */
public final class Resize {
  private static final int KEPT = 16;

  /** Size of a strip before the horizontal sum: 256 KiB. */
  private static final int STRIP_FLOATS = 65_536;

  /** Rows are transposed in blocks of this many; a strip has a multiple of it. */
  private static final int BLOCK = 8;

  private final int width;
  private final int height;
  private final Map<Lengths, Weights> weights =
      new LinkedHashMap<>(2 * KEPT, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Lengths, Weights> eldest) {
          return size() > KEPT;
        }
      };

  // of the source: cached rows, the index of each, and the rows of one sum
  private float[][] rows = new float[0][];
  private int[] held = new int[0];
  private float[][] terms = new float[0][];

  // of a strip: its rows, its columns before and after the horizontal sum, and its rows again
  private float[][] strip = new float[0][];
  private float[][] columns = new float[0][];
  private float[][] narrowed = new float[0][];
  private float[][] narrow = new float[0][];

  /** RGB of one row. */
  private final float[][] colors;

  /** Source and target length of an axis. */
  private record Lengths(int source, int target) {}

  /** Creates a resize to this size in pixels. */
  public Resize(int width, int height) {
    this.width = width;
    this.height = height;
    this.colors = new float[3][width];
  }

  /** The filter weights of one axis: the source samples of each target sample. */
  private static final class Weights {
    private final int taps;
    private final int[] first;
    private final int[] count;
    private final float[] share;

    Weights(Lengths lengths) {
      int source = lengths.source();
      int target = lengths.target();
      double scale = (double) source / target;
      double support = Math.max(1, scale);
      taps = 2 * (int) Math.ceil(support) + 1;
      first = new int[target];
      count = new int[target];
      share = new float[target * taps];
      double[] raw = new double[taps];
      for (int i = 0; i < target; i++) {
        double center = scale * (i + 0.5);
        int from = Math.max((int) (center - support + 0.5), 0);
        int to = Math.min((int) (center + support + 0.5), source);
        double total = 0;
        for (int j = 0; j < to - from; j++) {
          raw[j] = Math.max(0, 1 - Math.abs((from + j - center + 0.5) / support));
          total += raw[j];
        }
        first[i] = from;
        count[i] = to - from;
        for (int j = 0; j < to - from; j++) {
          share[i * taps + j] = (float) (raw[j] / total);
        }
      }
    }

    /** Sums the first {@code length} elements of the weighted terms of a target sample. */
    void sum(float[][] terms, int target, float[] to, int length) {
      int table = target * taps;
      int j = count[target] - 1;
      if (j % 2 == 0) {
        set(terms[j], share[table + j], to, length);
        j--;
      } else {
        set(terms[j - 1], share[table + j - 1], terms[j], share[table + j], to, length);
        j -= 2;
      }
      for (; j > 0; j -= 2) {
        add(terms[j - 1], share[table + j - 1], terms[j], share[table + j], to, length);
      }
    }

    private static void set(float[] a, float shareA, float[] to, int length) {
      for (int i = 0; i < length; i++) {
        to[i] = shareA * a[i];
      }
    }

    private static void set(
        float[] a, float shareA, float[] b, float shareB, float[] to, int length) {
      for (int i = 0; i < length; i++) {
        to[i] = shareA * a[i] + shareB * b[i];
      }
    }

    private static void add(
        float[] a, float shareA, float[] b, float shareB, float[] to, int length) {
      for (int i = 0; i < length; i++) {
        to[i] += shareA * a[i] + shareB * b[i];
      }
    }
  }

  /**
   * @param planes space for three planes of {@code width * height}, from index 0: red, green, blue
   */
  public void apply(Pixels source, FloatBuffer planes) {
    if (source.width() == width && source.height() == height) {
      copy(source, planes);
      return;
    }
    Weights down = weights.computeIfAbsent(new Lengths(source.height(), height), Weights::new);
    Weights across = weights.computeIfAbsent(new Lengths(source.width(), width), Weights::new);
    int length = 3 * source.width();
    int most = Math.max(BLOCK, Math.min(blocks(height), STRIP_FLOATS / length & -BLOCK));
    reserve(down, across, source.width(), most);
    for (int top = 0; top < height; top += most) {
      int count = Math.min(most, height - top);
      for (int y = 0; y < count; y++) {
        addDown(source, down, top + y, strip[y]);
      }
      toColumns(blocks(count), source.width(), most);
      for (int x = 0; x < width; x++) {
        System.arraycopy(columns, across.first[x], terms, 0, across.count[x]);
        across.sum(terms, x, narrowed[x], 3 * most);
      }
      toRows(3 * most);
      for (int y = 0; y < count; y++) {
        put(source, narrow[y], narrow[most + y], narrow[2 * most + y], planes, top + y);
      }
    }
  }

  /** Copies an image that already has the target size. */
  private void copy(Pixels source, FloatBuffer planes) {
    narrow = atLeast(3, width, narrow);
    for (int y = 0; y < height; y++) {
      source.splitRow(y, narrow[0], narrow[1], narrow[2]);
      put(source, narrow[0], narrow[1], narrow[2], planes, y);
    }
  }

  /**
   * Sums the weighted source rows of target row {@code y}. Adjacent target rows share most source
   * rows, so these are cached.
   */
  private void addDown(Pixels source, Weights down, int y, float[] to) {
    for (int j = 0; j < down.count[y]; j++) {
      int row = down.first[y] + j;
      int slot = row % down.taps;
      if (held[slot] != row) {
        source.copyRow(row, rows[slot]);
        held[slot] = row;
      }
      terms[j] = rows[slot];
    }
    down.sum(terms, y, to, 3 * source.width());
  }

  /** Transposes a strip: each column becomes an array with its first, second and third samples. */
  private void toColumns(int count, int sourceWidth, int part) {
    for (int y = 0; y < count; y += BLOCK) {
      for (int channel = 0; channel < 3; channel++) {
        float[] a = strip[y];
        float[] b = strip[y + 1];
        float[] c = strip[y + 2];
        float[] d = strip[y + 3];
        float[] e = strip[y + 4];
        float[] f = strip[y + 5];
        float[] g = strip[y + 6];
        float[] h = strip[y + 7];
        int at = channel * part + y;
        int i = channel;
        for (int x = 0; x < sourceWidth; x++, i += 3) {
          write(columns[x], at, a[i], b[i], c[i], d[i], e[i], f[i], g[i], h[i]);
        }
      }
    }
  }

  /** Transposes the columns, which now have the target width, back to rows. */
  private void toRows(int count) {
    for (int x = 0; x < width; x += BLOCK) {
      float[] a = narrowed[x];
      float[] b = narrowed[x + 1];
      float[] c = narrowed[x + 2];
      float[] d = narrowed[x + 3];
      float[] e = narrowed[x + 4];
      float[] f = narrowed[x + 5];
      float[] g = narrowed[x + 6];
      float[] h = narrowed[x + 7];
      for (int i = 0; i < count; i++) {
        write(narrow[i], x, a[i], b[i], c[i], d[i], e[i], f[i], g[i], h[i]);
      }
    }
  }

  private static void write(
      float[] to, int at, float a, float b, float c, float d, float e, float f, float g, float h) {
    to[at] = a;
    to[at + 1] = b;
    to[at + 2] = c;
    to[at + 3] = d;
    to[at + 4] = e;
    to[at + 5] = f;
    to[at + 6] = g;
    to[at + 7] = h;
  }

  /** Writes one normalized row of each channel to the planes. */
  private void put(
      Pixels source, float[] first, float[] second, float[] third, FloatBuffer planes, int y) {
    float[] red = colors[0];
    float[] green = colors[1];
    float[] blue = colors[2];
    if (source.isLumaChroma()) {
      paint(first, second, third, red, green, blue);
    } else {
      normalize(first, red);
      normalize(second, green);
      normalize(third, blue);
    }
    planes.put(y * width, red);
    planes.put((height + y) * width, green);
    planes.put((2 * height + y) * width, blue);
  }

  /**
   * Converts to RGB (ITU-T T.871, section 7). The conversion is linear, so it may follow the sums.
   */
  private static void paint(
      float[] luma, float[] cb, float[] cr, float[] red, float[] green, float[] blue) {
    for (int x = 0; x < red.length; x++) {
      red[x] = normalized(luma[x] + 1.402f * (cr[x] - 128));
    }
    for (int x = 0; x < green.length; x++) {
      green[x] = normalized(luma[x] - 0.344136f * (cb[x] - 128) - 0.714136f * (cr[x] - 128));
    }
    for (int x = 0; x < blue.length; x++) {
      blue[x] = normalized(luma[x] + 1.772f * (cb[x] - 128));
    }
  }

  /** Clamps to -1..1 without a branch, which both of Java's JIT compilers make fast. */
  private static float normalized(float value) {
    float x = value * (1 / 127.5f) - 1;
    return 0.5f * (Math.abs(x + 1) - Math.abs(x - 1));
  }

  private static void normalize(float[] from, float[] to) {
    for (int x = 0; x < to.length; x++) {
      to[x] = from[x] * (1 / 127.5f) - 1;
    }
  }

  private void reserve(Weights down, Weights across, int sourceWidth, int stripRows) {
    rows = atLeast(down.taps, 3 * sourceWidth, rows);
    if (held.length < down.taps) {
      held = new int[down.taps];
    }
    Arrays.fill(held, -1);
    if (terms.length < Math.max(down.taps, across.taps)) {
      terms = new float[Math.max(down.taps, across.taps)][];
    }
    strip = atLeast(stripRows, 3 * sourceWidth, strip);
    columns = atLeast(sourceWidth, 3 * stripRows, columns);
    narrowed = atLeast(blocks(width), 3 * stripRows, narrowed);
    narrow = atLeast(3 * stripRows, blocks(width), narrow);
  }

  private static int blocks(int length) {
    return length + BLOCK - 1 & -BLOCK;
  }

  private static float[][] atLeast(int count, int length, float[][] buffer) {
    return buffer.length >= count && buffer[0].length >= length ? buffer : new float[count][length];
  }
}
