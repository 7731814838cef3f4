package chorale.imaging;

/**
 * The conversion of PNG samples to 8-bit gray or RGB. Gamma and profiles are ignored; 16-bit
 * samples are cut to the upper 8 bits, smaller ones are scaled to the full range.
 *
 * <p>Transparent pixels are composited over white, as browsers and viewers show them. Owned by one
 * {@link PngDecoder}. Sources: PNG (third edition) sections 11.2.2 (PLTE), 11.3.1.1 (tRNS), 13.12
 * (sample depths), 13.16 (alpha).
 */
final class PngColors {
  private static final int BACKGROUND = 255;

  private final PngHeader header;

  /** Decoded samples by value, for palettes and for gray of up to 8 bits; otherwise empty. */
  private final byte[] table;

  /** The stored samples of the transparent color; empty if there is none. */
  private final int[] transparent;

  /**
   * @param palette content of PLTE, may be empty
   * @param transparency content of tRNS, may be empty
   */
  PngColors(PngHeader header, byte[] palette, byte[] transparency) {
    this.header = header;
    int samples = header.kind() == PngHeader.GRAY ? 1 : header.kind() == PngHeader.RGB ? 3 : 0;
    this.transparent = new int[transparency.length < 2 * samples ? 0 : samples];
    for (int i = 0; i < transparent.length; i++) {
      transparent[i] = Marker.u16(transparency, 2 * i);
    }
    if (header.kind() == PngHeader.PALETTE) {
      this.table = ofPalette(palette, transparency);
    } else {
      this.table = header.kind() == PngHeader.GRAY && header.depth() <= 8 ? ofGray() : new byte[0];
    }
  }

  /** Returns the table of a palette. Indexes outside the palette are black. */
  private static byte[] ofPalette(byte[] palette, byte[] transparency) {
    byte[] table = new byte[3 * 256];
    for (int i = 0; i < Math.min(palette.length, table.length); i++) {
      int alpha = i / 3 < transparency.length ? transparency[i / 3] & 0xFF : 255;
      table[i] = over(palette[i] & 0xFF, alpha);
    }
    return table;
  }

  private byte[] ofGray() {
    int max = (1 << header.depth()) - 1;
    byte[] table = new byte[max + 1];
    for (int i = 0; i <= max; i++) {
      boolean seen = transparent.length == 0 || transparent[0] != i;
      table[i] = (byte) (seen ? i * 255 / max : BACKGROUND);
    }
    return table;
  }

  /**
   * @param row stored samples, from index {@code from}
   * @param to receives {@link PngHeader#outputs} bytes a pixel
   */
  void decode(byte[] row, int from, int pixels, byte[] to) {
    if (table.length > 0) {
      lookUp(row, from, pixels, to);
    } else if (header.kind() == PngHeader.RGB && header.depth() == 8 && transparent.length == 0) {
      System.arraycopy(row, from, to, 0, 3 * pixels);
    } else {
      mix(row, from, pixels, to);
    }
  }

  private void lookUp(byte[] row, int from, int pixels, byte[] to) {
    int depth = header.depth();
    int mask = (1 << depth) - 1;
    int outputs = header.outputs();
    for (int x = 0; x < pixels; x++) {
      int bit = x * depth;
      int value = ((row[from + (bit >> 3)] & 0xFF) >> (8 - depth - (bit & 7))) & mask;
      for (int i = 0; i < outputs; i++) {
        to[outputs * x + i] = table[outputs * value + i];
      }
    }
  }

  /** Converts samples of 8 or 16 bits, with alpha or a transparent color. */
  private void mix(byte[] row, int from, int pixels, byte[] to) {
    int outputs = header.outputs();
    int step = header.depth() / 8;
    int at = from;
    for (int x = 0; x < pixels; x++) {
      int alpha = 255;
      if (header.channels() > outputs) {
        alpha = row[at + outputs * step] & 0xFF;
      } else if (isTransparent(row, at, step)) {
        alpha = 0;
      }
      for (int i = 0; i < outputs; i++) {
        to[outputs * x + i] = over(row[at + i * step] & 0xFF, alpha);
      }
      at += header.channels() * step;
    }
  }

  private boolean isTransparent(byte[] row, int at, int step) {
    for (int i = 0; i < transparent.length; i++) {
      int sample = step == 1 ? row[at + i] & 0xFF : Marker.u16(row, at + 2 * i);
      if (sample != transparent[i]) {
        return false;
      }
    }
    return transparent.length > 0;
  }

  private static byte over(int sample, int alpha) {
    return (byte) ((sample * alpha + BACKGROUND * (255 - alpha) + 127) / 255);
  }
}
