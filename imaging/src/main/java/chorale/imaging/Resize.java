package chorale.imaging;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The one resize of Chorale: the whole image stretched to the wanted size by an antialiased
 * bilinear (triangle) filter with half-pixel centres, in floats, written as normalised planes
 * ({@code x/127.5-1}, NCHW). The same as PyTorch's {@code interpolate(mode="bilinear",
 * antialias=True, align_corners=False)} with which the variants are trained; stored references test
 * that.
 *
 * <p>Separable, and all of it sums of whole rows: the rows of the source are added up to those of
 * the target, the result is transposed, added up again across, and transposed back; only what is
 * left is turned from luma and chroma into colours. It is done in strips of target rows that fit
 * into a processor's cache. Java 17 vectorises a loop over several arrays only where all of them
 * have the same index, and no sum along a row: hence an array for each row.
 *
 * <p>The weights of a source length are computed once and kept for the {@value #KEPT} lengths used
 * last. Buffers grow to the largest need seen and are reused; one owning thread.
 */
public final class Resize {
  private static final int KEPT = 16;

  /** Of a strip before it is narrowed: 256 KiB. */
  private static final int STRIP_FLOATS = 65_536;

  /** Rows are transposed so many at a time: a strip has a multiple of it. */
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

  // of the source: the rows in use, which each of them is, and those of one sum
  private float[][] rows = new float[0][];
  private int[] held = new int[0];
  private float[][] terms = new float[0][];

  // a strip: its rows, its columns before and behind the sum across, and its rows again
  private float[][] strip = new float[0][];
  private float[][] columns = new float[0][];
  private float[][] narrowed = new float[0][];
  private float[][] narrow = new float[0][];

  /** Red, green and blue of one row. */
  private final float[][] colors;

  /** An axis before and after. */
  private record Lengths(int source, int target) {}

  /** To this size, in pixels. */
  public Resize(int width, int height) {
    this.width = width;
    this.height = height;
    this.colors = new float[3][width];
  }

  /** How each target sample is put together from those of a longer or shorter axis. */
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

    /** Of the terms of one target sample, the first {@code length} of each. */
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
   * @param planes room for three planes of {@code width * height}, from index 0: red, green, blue
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

  /** An image that has the wanted size already. */
  private void copy(Pixels source, FloatBuffer planes) {
    narrow = atLeast(3, width, narrow);
    for (int y = 0; y < height; y++) {
      source.splitRow(y, narrow[0], narrow[1], narrow[2]);
      put(source, narrow[0], narrow[1], narrow[2], planes, y);
    }
  }

  /**
   * The weighted sum of the source rows that target row {@code y} covers. Neighbouring target rows
   * share most of theirs, so they are kept.
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

  /** Of the strip: each column gets an array, with its first samples, its second, its third. */
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

  /** The columns, as wide as the target by now, back to rows. */
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

  /** One row of each channel, normalised, into the planes. */
  private void put(
      Pixels source, float[] first, float[] second, float[] third, FloatBuffer planes, int y) {
    float[] red = colors[0];
    float[] green = colors[1];
    float[] blue = colors[2];
    if (source.isLumaChroma()) {
      paint(first, second, third, red, green, blue);
    } else {
      normalise(first, red);
      normalise(second, green);
      normalise(third, blue);
    }
    planes.put(y * width, red);
    planes.put((height + y) * width, green);
    planes.put((2 * height + y) * width, blue);
  }

  /** ITU-T T.871, section 7: linear, so it may come after the sums. */
  private static void paint(
      float[] luma, float[] cb, float[] cr, float[] red, float[] green, float[] blue) {
    for (int x = 0; x < red.length; x++) {
      red[x] = normalised(luma[x] + 1.402f * (cr[x] - 128));
    }
    for (int x = 0; x < green.length; x++) {
      green[x] = normalised(luma[x] - 0.344136f * (cb[x] - 128) - 0.714136f * (cr[x] - 128));
    }
    for (int x = 0; x < blue.length; x++) {
      blue[x] = normalised(luma[x] + 1.772f * (cb[x] - 128));
    }
  }

  /** Cut to -1..1 without a branch, which either compiler of Java makes fast. */
  private static float normalised(float value) {
    float x = value * (1 / 127.5f) - 1;
    return 0.5f * (Math.abs(x + 1) - Math.abs(x - 1));
  }

  private static void normalise(float[] from, float[] to) {
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
