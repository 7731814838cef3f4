package chorale.imaging;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A JPEG parser that checks every scan and normalizes the stream, so that the decoder of every Java
 * version gets the same simple input.
 *
 * <p>Dropped: profiles, thumbnails, comments, bytes between segments, everything after EOI. Added:
 * standard Huffman tables that a sequential scan uses and the stream omits. EOI may be missing if
 * all data is there. Used once. Source: ITU-T T.81 annex B.
 */
final class JpegParser {
  private static final byte[] ADOBE = {'A', 'd', 'o', 'b', 'e'};
  private static final byte[] JFIF = {'J', 'F', 'I', 'F', 0};
  private static final int ADOBE_TRANSFORM = 11;

  private final byte[] data;
  private final DecodeLimits limits;
  private final JpegTables tables;
  private final JpegWriter writer;
  private final List<CoefficientProgress> progress = new ArrayList<>();

  private Optional<JpegFrame> frame = Optional.empty();
  private int orientation = ExifOrientation.UPRIGHT;
  private boolean jfif;
  private boolean adobe;
  private int adobeTransform = JpegColor.NO_ADOBE;
  private int scans;

  private JpegParser(byte[] data, int start, DecodeLimits limits, HuffmanCache cache) {
    this.data = data;
    this.limits = limits;
    this.tables = new JpegTables(cache);
    this.writer = new JpegWriter(data, start);
  }

  /**
   * @param start index of SOI
   * @throws ImageRejectedException if the image is invalid, damaged, too large or unsupported
   */
  static JpegImage parse(byte[] data, int start, DecodeLimits limits, HuffmanCache cache)
      throws ImageRejectedException {
    JpegParser parser = new JpegParser(data, start, limits, cache);
    parser.readAll(start + 2);
    return parser.image();
  }

  private void readAll(int from) throws ImageRejectedException {
    int marker = Marker.next(data, from);
    while (marker < data.length && !isEnd(marker) && !isSequentialDone()) {
      marker = Marker.next(data, read(marker));
    }
  }

  /**
   * Returns whether this is the end of the image. A stream of only tables may precede the image
   * (T.81 B.5).
   */
  private boolean isEnd(int marker) {
    return (data[marker] & 0xFF) == Marker.EOI && frame.isPresent();
  }

  /** Returns whether all data of a sequential image was read; later segments do not change it. */
  private boolean isSequentialDone() {
    return frame.isPresent() && !frame.get().progressive() && isComplete();
  }

  private boolean isComplete() {
    for (CoefficientProgress each : progress) {
      if (!each.isComplete()) {
        return false;
      }
    }
    return true;
  }

  /**
   * @param at index of a marker's second byte
   * @return index after the segment
   */
  private int read(int at) throws ImageRejectedException {
    int marker = data[at] & 0xFF;
    if (Marker.isAlone(marker)) {
      if (marker == Marker.SOI && frame.isPresent()) {
        throw ImageRejectedException.damaged("image data ends, and another image begins");
      }
      return at + 1;
    }
    int from = at + 3;
    int end = from > data.length ? from : at + 1 + Math.max(2, Marker.u16(data, at + 1));
    if (end > data.length) {
      throw scans == 0
          ? ImageRejectedException.bad("a JPEG that ends in its header")
          : ImageRejectedException.damaged("image data ends after scan " + scans);
    }
    switch (marker) {
      case Marker.SOS -> {
        return scan(from, end);
      }
      case Marker.DQT -> tables.readQuantization(data, from, end);
      case Marker.DHT -> tables.readHuffman(data, from, end);
      case Marker.DRI -> tables.readRestartInterval(data, from, end);
      default -> readOther(marker, from, end);
    }
    boolean needed = marker == Marker.DQT || marker == Marker.DHT || marker == Marker.DRI;
    if (needed && from < end) {
      writer.keep(at, end);
    }
    return end;
  }

  private void readOther(int marker, int from, int end) throws ImageRejectedException {
    if (Marker.isFrame(marker)) {
      begin(JpegFrame.parse(data, marker, from, end));
    } else if (marker == Marker.APP0) {
      jfif |= MagicBytes.isAt(data, from, end, JFIF);
    } else if (marker == Marker.APP1 && orientation == ExifOrientation.UPRIGHT) {
      orientation = ExifOrientation.of(data, from, end);
    } else if (marker == Marker.APP14 && MagicBytes.isAt(data, from, end, ADOBE)) {
      adobe = true;
      if (end - from > ADOBE_TRANSFORM) {
        adobeTransform = data[from + ADOBE_TRANSFORM] & 0xFF;
      }
    }
  }

  private void begin(JpegFrame header) throws ImageRejectedException {
    if (frame.isPresent()) {
      throw ImageRejectedException.bad("a JPEG of two frame headers");
    }
    limits.requireSize(header.width(), header.height());
    int count = header.components().size();
    String form = header.progressive() ? "a progressive JPEG" : "a JPEG";
    limits.requireCost(
        form + " of " + header.width() + " x " + header.height() + " x " + count,
        (long) count * header.width() * header.height(),
        header.heldBytes());
    for (JpegFrame.Component component : header.components()) {
      int blocks = header.mcusAcross() * component.across() * header.mcusDown() * component.down();
      progress.add(new CoefficientProgress(header.progressive() ? blocks : 0));
    }
    frame = Optional.of(header);
  }

  private int scan(int from, int end) throws ImageRejectedException {
    JpegFrame image =
        frame.orElseThrow(() -> ImageRejectedException.bad("a JPEG scan without a frame header"));
    scans++;
    limits.requireScans(scans, (long) image.width() * image.height());
    ScanHeader header = ScanHeader.parse(data, from, end, image);
    List<ScanComponent> components = new ArrayList<>();
    for (ScanHeader.Part part : header.parts()) {
      components.add(component(image, header, part));
    }
    JpegScan scan = new JpegScan(data, image, header, components);
    int last = scan.check(end, tables.restartInterval());
    if (scans == 1) {
      writer.begin(image, color(image));
    }
    writer.scan(header);
    writer.data(end, last, scan.surplus());
    return last;
  }

  private ScanComponent component(JpegFrame image, ScanHeader header, ScanHeader.Part part)
      throws ImageRejectedException {
    JpegFrame.Component component = image.components().get(part.component());
    CoefficientProgress before = progress.get(part.component());
    before.scan(header);
    return new ScanComponent(
        image,
        component,
        table(image, 0, part.dcTable(), header.first() == 0 && header.high() == 0),
        table(image, 1, part.acTable(), header.last() > 0),
        tables.limits(component.quantization(), header.low()),
        before.nonZero());
  }

  /** Returns the table for a scan, or the standard table if the stream omits it. */
  private HuffmanTable table(JpegFrame image, int kind, int number, boolean needed)
      throws ImageRejectedException {
    if (!needed) {
      return HuffmanTable.EMPTY;
    }
    if (!image.progressive() && !tables.hasHuffman(kind, number) && StandardHuffman.has(number)) {
      byte[] standard = StandardHuffman.segment(kind, number);
      tables.readHuffman(standard, 0, standard.length);
      writer.keepStandard(standard);
    }
    return tables.huffman(kind, number);
  }

  private JpegColor color(JpegFrame image) {
    return JpegColor.of(image, adobeTransform, jfif);
  }

  private JpegImage image() throws ImageRejectedException {
    JpegFrame image =
        frame.orElseThrow(() -> ImageRejectedException.bad("a JPEG without a frame header"));
    if (scans == 0) {
      throw ImageRejectedException.bad("a JPEG without image data");
    }
    if (!isComplete()) {
      throw ImageRejectedException.damaged(
          "image data ends after scan " + scans + ": the last scans are missing");
    }
    return new JpegImage(image, color(image), adobe, orientation, writer.finish());
  }
}
