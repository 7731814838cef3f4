package chorale.imaging;

import java.util.Objects;

/**
 * A view of 8-bit samples as an upright color image: RGB, or luma and chroma as in JPEG (ITU-T
 * T.871). Rotation and mirroring change only the origin and the steps, so no pixel is copied.
 * Shares its array with the decoder, which no longer changes it.
 */
public final class Pixels {
  /** Byte values as floats: a lookup is faster than a conversion. */
  private static final float[] LEVELS = new float[256];

  static {
    for (int i = 0; i < LEVELS.length; i++) {
      LEVELS[i] = i;
    }
  }

  private final byte[] samples;
  private final Layout layout;
  private final Channels channels;

  /**
   * The position of the pixels in the array.
   *
   * @param origin index of the upper left pixel
   * @param xStep distance from a pixel to its right neighbor
   * @param yStep distance from a pixel to the one below
   */
  record Layout(int width, int height, int origin, int xStep, int yStep) {

    /** Returns the upright layout for an Exif orientation (Exif 2.3, section 4.6.4). */
    Layout upright(int orientation) {
      return switch (orientation) {
        case 2 -> mirrored();
        case 3 -> mirrored().flipped();
        case 4 -> flipped();
        case 5 -> transposed();
        case 6 -> transposed().mirrored();
        case 7 -> transposed().mirrored().flipped();
        case 8 -> transposed().flipped();
        default -> this;
      };
    }

    private Layout mirrored() {
      return new Layout(width, height, origin + (width - 1) * xStep, -xStep, yStep);
    }

    private Layout flipped() {
      return new Layout(width, height, origin + (height - 1) * yStep, xStep, -yStep);
    }

    private Layout transposed() {
      return new Layout(height, width, origin, yStep, xStep);
    }
  }

  /**
   * The offsets of the three samples from a pixel's index; all equal for gray.
   *
   * @param lumaChroma whether they are luma, blue and red chroma instead of red, green and blue
   */
  record Channels(int first, int second, int third, boolean lumaChroma) {
    static final Channels GRAY = new Channels(0, 0, 0, false);
    static final Channels RGB = new Channels(0, 1, 2, false);

    private boolean areInOrder() {
      return first == 0 && second == 1 && third == 2;
    }
  }

  Pixels(byte[] samples, Layout layout, Channels channels) {
    this.samples = Objects.requireNonNull(samples, "samples");
    this.layout = Objects.requireNonNull(layout, "layout");
    this.channels = Objects.requireNonNull(channels, "channels");
  }

  /** Creates a view of adjacent pixels without gaps: gray for 1 channel, RGB for 3. */
  static Pixels packed(byte[] samples, int width, int height, int channels) {
    Layout layout = new Layout(width, height, 0, channels, channels * width);
    return new Pixels(samples, layout, channels == 1 ? Channels.GRAY : Channels.RGB);
  }

  public int width() {
    return layout.width();
  }

  public int height() {
    return layout.height();
  }

  /** Returns whether the samples are luma and chroma instead of RGB. */
  boolean isLumaChroma() {
    return channels.lumaChroma();
  }

  Pixels upright(int orientation) {
    return new Pixels(samples, layout.upright(orientation), channels);
  }

  /**
   * Writes a row as numbers from 0 to 255, pixel by pixel.
   *
   * @param target array of at least 3 x width
   */
  void copyRow(int y, float[] target) {
    int at = layout.origin() + y * layout.yStep();
    if (layout.xStep() == 3 && channels.areInOrder()) {
      for (int i = 0; i < 3 * layout.width(); i++) {
        target[i] = LEVELS[samples[at + i] & 0xFF];
      }
      return;
    }
    int first = at + channels.first();
    int second = at + channels.second();
    int third = at + channels.third();
    for (int i = 0; i < 3 * layout.width(); i += 3) {
      target[i] = LEVELS[samples[first] & 0xFF];
      target[i + 1] = LEVELS[samples[second] & 0xFF];
      target[i + 2] = LEVELS[samples[third] & 0xFF];
      first += layout.xStep();
      second += layout.xStep();
      third += layout.xStep();
    }
  }

  /** Writes a row as numbers from 0 to 255, channel by channel. */
  void splitRow(int y, float[] first, float[] second, float[] third) {
    int at = layout.origin() + y * layout.yStep();
    int step = layout.xStep();
    for (int x = 0; x < layout.width(); x++) {
      first[x] = LEVELS[samples[at + channels.first()] & 0xFF];
      second[x] = LEVELS[samples[at + channels.second()] & 0xFF];
      third[x] = LEVELS[samples[at + channels.third()] & 0xFF];
      at += step;
    }
  }
}
