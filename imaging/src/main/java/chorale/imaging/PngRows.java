package chorale.imaging;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A decoder of PNG image data: inflates it, reconstructs the rows and places them; an interlaced
 * image has 7 passes. Owned by one {@link PngDecoder}, which closes it. Sources: PNG (third
 * edition) sections 8.1 (interlacing), 9 (filters), 10 (compression).
 */
final class PngRows implements AutoCloseable {
  /** Adam7: first column and row of each pass, and the steps to the next ones. */
  private static final int[][] PASSES = {
    {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
  };

  private static final int[][] ONE_PASS = {{0, 0, 1, 1}};

  private final PngHeader header;
  private final PngColors colors;
  private final Canvas canvas;
  private final Inflater inflater = new Inflater();
  private final int[][] passes;
  private final int pixelBytes;

  /** The whole image if it is interlaced; otherwise empty. */
  private final byte[] whole;

  private final byte[] decoded;
  private byte[] line;
  private byte[] above;

  private int pass;
  private int row;

  /** Bytes of the current line received so far, including the filter type. */
  private int filled;

  PngRows(PngHeader header, PngColors colors) {
    this.header = header;
    this.colors = colors;
    this.canvas = new Canvas(header.width(), header.height(), header.outputs());
    this.passes = header.interlaced() ? PASSES : ONE_PASS;
    this.pixelBytes = header.bytes(1);
    this.whole =
        new byte[header.interlaced() ? header.width() * header.height() * header.outputs() : 0];
    this.decoded = new byte[header.width() * header.outputs()];
    this.line = new byte[1 + header.bytes(header.width())];
    this.above = new byte[line.length];
    skipEmptyPasses();
  }

  /**
   * Appends compressed data.
   *
   * @throws ImageRejectedException {@code DAMAGED}
   */
  void put(byte[] data, int from, int length) throws ImageRejectedException {
    inflater.setInput(data, from, length);
    try {
      while (!isComplete()) {
        int count = inflater.inflate(line, filled, 1 + lineBytes() - filled);
        filled += count;
        if (filled == 1 + lineBytes()) {
          endLine();
        } else if (count == 0) {
          if (inflater.finished()) {
            throw damaged("image data ends");
          }
          return;
        }
      }
      // Reads on to verify the checksum at the end of the stream; surplus rows are ignored.
      inflater.inflate(above);
    } catch (DataFormatException e) {
      throw damaged("image data is broken");
    }
  }

  /** Returns whether all rows are decoded. */
  boolean isComplete() {
    return pass == passes.length;
  }

  /** Returns a rejection that names the current row. */
  ImageRejectedException damaged(String what) {
    int y = isComplete() ? header.height() : passes[pass][1] + row * passes[pass][3];
    String where = what + " at row " + y + " of " + header.height();
    return ImageRejectedException.damaged(
        header.interlaced() && !isComplete() ? where + " in pass " + (pass + 1) + " of 7" : where);
  }

  Pixels pixels() {
    if (!header.interlaced()) {
      return canvas.pixels();
    }
    int stride = header.width() * header.outputs();
    for (int y = 0; y < header.height(); y++) {
      canvas.put(y, whole, y * stride);
    }
    return canvas.pixels();
  }

  private int passWidth() {
    return Canvas.ceilDiv(header.width() - passes[pass][0], passes[pass][2]);
  }

  private int passHeight() {
    return Canvas.ceilDiv(header.height() - passes[pass][1], passes[pass][3]);
  }

  private int lineBytes() {
    return header.bytes(passWidth());
  }

  /** Skips passes without pixels, which images below 5 x 5 pixels have. */
  private void skipEmptyPasses() {
    while (!isComplete() && (passWidth() <= 0 || passHeight() <= 0)) {
      pass++;
    }
  }

  private void endLine() throws ImageRejectedException {
    if (row == 0) {
      Arrays.fill(above, (byte) 0);
    }
    if (!PngFilter.undo(line, above, 1 + lineBytes(), pixelBytes)) {
      throw damaged("image data is broken");
    }
    colors.decode(line, 1, passWidth(), decoded);
    if (header.interlaced()) {
      spread();
    } else {
      canvas.put(row, decoded, 0);
    }
    byte[] done = line;
    line = above;
    above = done;
    filled = 0;
    row++;
    if (row == passHeight()) {
      row = 0;
      pass++;
      skipEmptyPasses();
    }
  }

  private void spread() {
    int outputs = header.outputs();
    int y = passes[pass][1] + row * passes[pass][3];
    int step = passes[pass][2] * outputs;
    int to = (y * header.width() + passes[pass][0]) * outputs;
    for (int from = 0; from < passWidth() * outputs; from += outputs) {
      for (int i = 0; i < outputs; i++) {
        whole[to + i] = decoded[from + i];
      }
      to += step;
    }
  }

  @Override
  public void close() {
    inflater.end();
  }
}
