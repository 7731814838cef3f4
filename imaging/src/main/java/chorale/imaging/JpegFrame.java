package chorale.imaging;

import java.util.List;

/**
 * A JPEG frame header (SOF): coding, size and components. Immutable. Source: ITU-T T.81 B.2.2,
 * A.1.1 (dimensions), A.2 (blocks and MCUs).
 *
 * @param progressive whether coefficients may be spread over several scans (annex G)
 * @param components in the order of the header
 */
record JpegFrame(boolean progressive, int width, int height, List<Component> components) {
  /** Samples on a side of a block. */
  static final int BLOCK = 8;

  /**
   * One component: luma, chroma or a color.
   *
   * @param id the number that scans use for it
   * @param across horizontal sampling factor: blocks across in an MCU
   * @param down vertical sampling factor: blocks down in an MCU
   * @param quantization number of its quantization table
   */
  record Component(int id, int across, int down, int quantization) {}

  JpegFrame {
    components = List.copyOf(components);
  }

  /**
   * Parses a frame header (SOF).
   *
   * @param marker second byte of the marker
   * @param from start of the content, after the length
   * @throws ImageRejectedException {@code UNSUPPORTED} with the name of the coding; {@code
   *     BAD_IMAGE} if the header is broken
   */
  static JpegFrame parse(byte[] data, int marker, int from, int end) throws ImageRejectedException {
    requireHuffman(marker);
    if (end - from < 6 || end - from < 6 + 3 * (data[from + 5] & 0xFF)) {
      throw ImageRejectedException.bad("a JPEG whose frame header is too short");
    }
    int precision = data[from] & 0xFF;
    if (precision != 8) {
      throw ImageRejectedException.unsupported(
          "a JPEG of " + precision + " bits a sample (allowed: 8)");
    }
    int count = data[from + 5] & 0xFF;
    if (count != 1 && count != 3 && count != 4) {
      throw ImageRejectedException.unsupported(
          "a JPEG of " + count + " components (allowed: 1, 3 or 4)");
    }
    Component[] components = new Component[count];
    for (int i = 0; i < count; i++) {
      int at = from + 6 + 3 * i;
      int sampling = data[at + 1] & 0xFF;
      components[i] =
          new Component(data[at] & 0xFF, sampling >> 4, sampling & 0xF, data[at + 2] & 0xFF);
    }
    JpegFrame frame =
        new JpegFrame(
            marker == 0xC2,
            Marker.u16(data, from + 3),
            height(data, from, end),
            List.of(components));
    frame.requireSampling();
    return frame;
  }

  /** Returns the height. Some scanners store it only after the first scan (DNL, T.81 B.2.5). */
  private static int height(byte[] data, int from, int end) {
    int height = Marker.u16(data, from + 1);
    int at = Marker.next(data, end);
    while (height == 0 && at + 4 < data.length) {
      height = (data[at] & 0xFF) == Marker.DNL ? Marker.u16(data, at + 3) : 0;
      at = Marker.next(data, at);
    }
    return height;
  }

  private static void requireHuffman(int marker) throws ImageRejectedException {
    String name =
        switch (marker) {
          case 0xC0, 0xC1, 0xC2 -> "";
          case 0xC3 -> "a lossless JPEG";
          case 0xC5, 0xC6, 0xC7, Marker.DHP -> "a hierarchical JPEG";
          case Marker.JPEG_LS -> "JPEG-LS";
          default -> "an arithmetic-coded JPEG";
        };
    if (!name.isEmpty()) {
      throw ImageRejectedException.unsupported(
          name + " (allowed: baseline and progressive, with Huffman codes)");
    }
  }

  /** Checks that the factors are 1 to 4 and divide the largest one; decoders require this. */
  private void requireSampling() throws ImageRejectedException {
    for (Component component : components) {
      int across = component.across();
      int down = component.down();
      if (across < 1 || across > 4 || down < 1 || down > 4 || component.quantization() > 3) {
        throw ImageRejectedException.bad("a JPEG whose frame header is broken");
      }
      if (maxAcross() % across != 0 || maxDown() % down != 0) {
        throw ImageRejectedException.unsupported(
            "a JPEG with sampling factors of "
                + across
                + " x "
                + down
                + " beside "
                + maxAcross()
                + " x "
                + maxDown());
      }
    }
  }

  int maxAcross() {
    int max = 1;
    for (Component component : components) {
      max = Math.max(max, component.across());
    }
    return max;
  }

  int maxDown() {
    int max = 1;
    for (Component component : components) {
      max = Math.max(max, component.down());
    }
    return max;
  }

  /** Returns whether a component has fewer samples than pixels. */
  boolean isSubsampled() {
    for (Component component : components) {
      if (component.across() < maxAcross() || component.down() < maxDown()) {
        return true;
      }
    }
    return false;
  }

  int mcusAcross() {
    return Canvas.ceilDiv(width, BLOCK * maxAcross());
  }

  int mcusDown() {
    return Canvas.ceilDiv(height, BLOCK * maxDown());
  }

  /**
   * Returns the blocks across in a scan of only this component, without padding blocks (T.81
   * A.2.2).
   */
  int blocksAcross(Component component) {
    return Canvas.ceilDiv(Canvas.ceilDiv(width * component.across(), maxAcross()), BLOCK);
  }

  int blocksDown(Component component) {
    return Canvas.ceilDiv(Canvas.ceilDiv(height * component.down(), maxDown()), BLOCK);
  }

  /** Returns the bytes that decoding holds in memory at once; 0 if it works row by row. */
  long heldBytes() {
    long samples = components.size() == 4 ? 4L * width * height : 0;
    return progressive ? samples + 2 * coefficients() : samples;
  }

  /** Returns the number of coefficients of all components, including padding blocks. */
  private long coefficients() {
    long blocks = 0;
    for (Component component : components) {
      blocks += (long) component.across() * component.down();
    }
    return blocks * mcusAcross() * mcusDown() * BLOCK * BLOCK;
  }
}
