package chorale.imaging;

import java.util.ArrayList;
import java.util.List;

/**
 * A checker that validates one scan of a JPEG without decoding it, since JPEG has no checksum. It
 * finds:
 *
 * <ul>
 *   <li>codes that do not exist;
 *   <li>coefficients after the 64th, or larger than 8-bit samples can produce;
 *   <li>restart markers that are missing or out of order;
 *   <li>data that ends before the last block, or continues after it.
 * </ul>
 *
 * <p>Used once. Source: ITU-T T.81 A.2 (order of blocks), E.2.4 (restarts), F.2, G.2.
 */
final class JpegScan {
  private final byte[] data;
  private final JpegFrame frame;
  private final boolean interleaved;
  private final ScanComponent[] components;
  private final EntropyReader reader;
  private final BlockSkipper skipper;
  private final List<Surplus> surplus = new ArrayList<>();

  /** MCUs between restart markers; 0 for none. */
  private int interval;

  private int untilRestart;
  private int restarts;

  /** Meaningless bytes between the data of a restart interval and the next marker. */
  record Surplus(int from, int end) {}

  JpegScan(byte[] data, JpegFrame frame, ScanHeader header, List<ScanComponent> components) {
    this.data = data;
    this.frame = frame;
    this.interleaved = header.isInterleaved();
    this.components = components.toArray(ScanComponent[]::new);
    this.reader = new EntropyReader(data);
    this.skipper = BlockSkipper.of(header, frame.progressive(), reader);
  }

  /**
   * @param from start of the entropy-coded data
   * @param interval MCUs between restart markers; 0 for none
   * @return index after the data, without surplus bytes
   * @throws ImageRejectedException {@code DAMAGED}
   */
  int check(int from, int interval) throws ImageRejectedException {
    ScanComponent first = components[0];
    int down = interleaved ? frame.mcusDown() : frame.blocksDown(first.component);
    this.interval = interval;
    untilRestart = interval;
    reader.seek(from);
    for (int row = 0; row < down; row++) {
      checkRow(row);
    }
    int end = reader.end();
    // Zeros up to the end of the payload are an unwritten buffer, not padding.
    if (!skipper.mayEnd() || !reader.isFinished(end, end < data.length)) {
      throw leftOver();
    }
    requireNothingAfter(end);
    return reader.position();
  }

  /** Returns bytes to omit from the data that {@link #check} accepted. */
  List<Surplus> surplus() {
    return surplus;
  }

  private void checkRow(int row) throws ImageRejectedException {
    ScanComponent first = components[0];
    int across = interleaved ? frame.mcusAcross() : frame.blocksAcross(first.component);
    for (int column = 0; column < across; column++) {
      if (interval > 0 && untilRestart-- == 0) {
        restart(restarts++, row);
        untilRestart = interval - 1;
      }
      boolean sound =
          interleaved ? skipMcu(row, column) : skipper.skip(first, block(first, row, column));
      if (!sound || reader.isPastEnd()) {
        throw damaged(reader.isAtEnd() ? "image data ends" : "image data is broken", row);
      }
    }
  }

  private boolean skipMcu(int row, int column) {
    for (ScanComponent component : components) {
      int across = component.across;
      for (int y = 0; y < component.down; y++) {
        int block = block(component, row * component.down + y, column * across);
        for (int x = 0; x < across; x++) {
          if (!skipper.skip(component, block + x)) {
            return false;
          }
        }
      }
    }
    return true;
  }

  private static int block(ScanComponent component, int row, int column) {
    return row * component.blocksAcross + column;
  }

  private void restart(int number, int row) throws ImageRejectedException {
    int end = reader.end();
    int marker = Marker.next(data, end);
    boolean finished = skipper.mayEnd() && reader.isFinished(end, false);
    if (finished && end == data.length) {
      throw damaged("image data ends", row);
    }
    if (!finished || marker == data.length || !isFill(end, marker)) {
      throw damaged("image data is broken", row);
    }
    if ((data[marker] & 0xFF) != Marker.RST0 + (number & 7)) {
      throw damaged("a restart marker is missing or out of turn", row);
    }
    if (reader.position() < end) {
      surplus.add(new Surplus(reader.position(), end));
    }
    reader.seek(marker + 1);
    skipper.restart();
    for (ScanComponent component : components) {
      component.predictor = 0;
    }
  }

  /** Returns whether only fill bytes precede a marker's second byte. */
  private boolean isFill(int from, int marker) {
    for (int i = from; i < marker; i++) {
      if (data[i] != (byte) 0xFF) {
        return false;
      }
    }
    return true;
  }

  /** Accepts a restart marker after the last interval, which some encoders write. */
  private void requireNothingAfter(int end) throws ImageRejectedException {
    int marker = Marker.next(data, end);
    if (marker < data.length && Marker.isRestart(data[marker] & 0xFF)) {
      int next = Marker.next(data, marker + 1);
      if (!isFill(marker + 1, next == data.length ? next : next - 1)) {
        throw leftOver();
      }
    }
  }

  private static ImageRejectedException leftOver() {
    return ImageRejectedException.damaged(
        "image data is broken: data is left over after the last row");
  }

  private ImageRejectedException damaged(String what, int row) {
    return ImageRejectedException.damaged(
        what + " at row " + pixels(row) + " of " + frame.height());
  }

  /** Returns the first pixel row of a row of MCUs, or of blocks in a scan of one component. */
  private int pixels(int row) {
    int down = interleaved ? 1 : components[0].down;
    return Math.min(frame.height(), row * JpegFrame.BLOCK * frame.maxDown() / down);
  }
}
