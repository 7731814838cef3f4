package chorale.imaging;

import java.util.ArrayList;
import java.util.List;

/**
 * A JPEG scan header (SOS): the components of the scan, their tables, and for a progressive image
 * which coefficients and bits. Immutable. Source: ITU-T T.81 B.2.3, G.1.1.1.
 *
 * @param parts in the order of the header
 * @param first Ss, zigzag index of the first coefficient
 * @param last Se, zigzag index of the last coefficient
 * @param high Ah, the shift of the previous scan of these coefficients; 0 for their first scan
 * @param low Al, the low bits that later scans carry
 */
record ScanHeader(List<Part> parts, int first, int last, int high, int low) {
  private static final int MAX_BLOCKS = 10;

  /** A component by its index in the frame header, and the numbers of its Huffman tables. */
  record Part(int component, int dcTable, int acTable) {}

  ScanHeader {
    parts = List.copyOf(parts);
  }

  /**
   * @param from start of the content, after the length
   * @throws ImageRejectedException {@code BAD_IMAGE}
   */
  static ScanHeader parse(byte[] data, int from, int end, JpegFrame frame)
      throws ImageRejectedException {
    int count = from < end ? data[from] & 0xFF : 0;
    if (count < 1 || count > 4 || end - from < 4 + 2 * count) {
      throw ImageRejectedException.bad("a JPEG whose scan header is broken");
    }
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int at = from + 1 + 2 * i;
      int tables = data[at + 1] & 0xFF;
      int component = component(frame, data[at] & 0xFF, parts);
      if ((tables >> 4) > 3 || (tables & 0xF) > 3) {
        throw ImageRejectedException.bad("a JPEG whose scan header is broken");
      }
      parts.add(new Part(component, tables >> 4, tables & 0xF));
    }
    int at = from + 1 + 2 * count;
    int bits = data[at + 2] & 0xFF;
    ScanHeader header =
        frame.progressive()
            ? new ScanHeader(parts, data[at] & 0xFF, data[at + 1] & 0xFF, bits >> 4, bits & 0xF)
            : new ScanHeader(parts, 0, 63, 0, 0);
    header.require(frame);
    return header;
  }

  /** Returns the first unused component with this id; ids are not always unique. */
  private static int component(JpegFrame frame, int id, List<Part> taken)
      throws ImageRejectedException {
    for (int i = 0; i < frame.components().size(); i++) {
      if (frame.components().get(i).id() == id && !isTaken(i, taken)) {
        return i;
      }
    }
    throw ImageRejectedException.bad("a JPEG whose scan names a component that it does not have");
  }

  private static boolean isTaken(int component, List<Part> taken) {
    for (Part part : taken) {
      if (part.component() == component) {
        return true;
      }
    }
    return false;
  }

  private void require(JpegFrame frame) throws ImageRejectedException {
    int blocks = 0;
    for (Part part : parts) {
      JpegFrame.Component component = frame.components().get(part.component());
      blocks += component.across() * component.down();
    }
    if (isInterleaved() && blocks > MAX_BLOCKS) {
      throw ImageRejectedException.bad("a JPEG of more than " + MAX_BLOCKS + " blocks an MCU");
    }
    boolean band = first == 0 ? last == 0 : first <= last && last < 64 && parts.size() == 1;
    if (frame.progressive() && (!band || low > 13 || (high > 0 && high != low + 1))) {
      throw ImageRejectedException.bad("a progressive JPEG whose scan header is broken");
    }
  }

  boolean isInterleaved() {
    return parts.size() > 1;
  }
}
