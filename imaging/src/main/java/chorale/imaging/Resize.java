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
 * <p>Separable: the rows of the source are added up first, over whole rows, in loops that the
 * compiler vectorises; then each of the few rows that are left is narrowed. The weights of a source
 * length are computed once and kept for the {@value #KEPT} lengths used last. Buffers grow to the
 * largest need seen and are reused; one owning thread.
 */
public final class Resize {
  private static final int KEPT = 16;

  private final int width;
  private final int height;
  private final float[] line;
  private final Map<Lengths, Weights> weights =
      new LinkedHashMap<>(2 * KEPT, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Lengths, Weights> eldest) {
          return size() > KEPT;
        }
      };

  /** The source rows in use, one after the other, and which each of them is. */
  private float[] rows = new float[0];

  private int[] held = new int[0];
  private float[] sum = new float[0];

  /** An axis before and after. */
  private record Lengths(int source, int target) {}

  /** To this size, in pixels. */
  public Resize(int width, int height) {
    this.width = width;
    this.height = height;
    this.line = new float[width];
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
  }

  /**
   * @param planes room for three planes of {@code width * height}, from index 0: red, green, blue
   */
  public void apply(Pixels source, FloatBuffer planes) {
    Weights down = weights.computeIfAbsent(new Lengths(source.height(), height), Weights::new);
    Weights across = weights.computeIfAbsent(new Lengths(source.width(), width), Weights::new);
    reserve(down.taps, 3 * source.width());
    for (int y = 0; y < height; y++) {
      addRows(source, down, y);
      for (int plane = 0; plane < 3; plane++) {
        narrow(across, plane * source.width());
        planes.put((plane * height + y) * width, line);
      }
    }
  }

  /** The weighted sum of the source rows that target row {@code y} covers. */
  private void addRows(Pixels source, Weights down, int y) {
    int length = 3 * source.width();
    for (int j = 0; j < down.count[y]; j++) {
      int row = row(source, down.first[y] + j, down.taps);
      float share = down.share[y * down.taps + j];
      if (j == 0) {
        scale(rows, row, share, sum, length);
      } else {
        accumulate(rows, row, share, sum, length);
      }
    }
  }

  private static void scale(float[] rows, int row, float share, float[] sum, int length) {
    for (int x = 0; x < length; x++) {
      sum[x] = share * rows[row + x];
    }
  }

  private static void accumulate(float[] rows, int row, float share, float[] sum, int length) {
    for (int x = 0; x < length; x++) {
      sum[x] += share * rows[row + x];
    }
  }

  /** One plane of one row, narrowed or widened to the target and normalised. */
  private void narrow(Weights across, int from) {
    for (int x = 0; x < width; x++) {
      int start = from + across.first[x];
      int table = x * across.taps;
      float value = 0;
      for (int j = 0; j < across.count[x]; j++) {
        value += across.share[table + j] * sum[start + j];
      }
      line[x] = value / 127.5f - 1;
    }
  }

  /**
   * Where a source row lies as floats; neighbouring target rows share most of theirs, so they are
   * kept.
   */
  private int row(Pixels source, int y, int kept) {
    int slot = y % kept;
    int at = slot * 3 * source.width();
    if (held[slot] != y) {
      source.copyRow(y, rows, at);
      held[slot] = y;
    }
    return at;
  }

  private void reserve(int count, int length) {
    if (sum.length < length) {
      sum = new float[length];
    }
    if (rows.length < count * length) {
      rows = new float[count * length];
    }
    if (held.length < count) {
      held = new int[count];
    }
    Arrays.fill(held, -1);
  }
}
