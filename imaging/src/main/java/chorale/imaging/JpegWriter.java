package chorale.imaging;

import chorale.protocol.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A writer of normalized JPEG streams: SOI, a segment for the color, the tables, the frame, the
 * scans, EOI. Components are numbered from 1. Owned by one {@link JpegParser}. Sources: ITU-T T.81
 * annex B; ITU-T T.871 (JFIF); ITU-T T.872 section 6.5.3 (Adobe).
 */
final class JpegWriter {
  private static final byte[] SOI = {(byte) 0xFF, (byte) Marker.SOI};
  private static final byte[] EOI = {(byte) 0xFF, (byte) Marker.EOI};
  private static final byte[] JFIF = {
    (byte) 0xFF, (byte) Marker.APP0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0
  };

  /** Transform 0: RGB. */
  private static final byte[] ADOBE_RGB = {
    (byte) 0xFF, (byte) Marker.APP14, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0
  };

  /** Space for what the source may lack: frame, standard tables, color segment. */
  private static final int ROOM = 1024 + DecodeLimits.MAX_SCANS * 16;

  private final byte[] source;
  private final ByteBuffer out;
  private final List<ByteBuffer> kept = new ArrayList<>();

  JpegWriter(byte[] source, int start) {
    this.source = source;
    this.out = ByteBuffer.allocate(source.length - start + ROOM);
  }

  /**
   * Keeps a segment until the next scan.
   *
   * @param marker index of the marker's second byte
   */
  void keep(int marker, int end) {
    kept.add(ByteBuffer.wrap(source, marker, end - marker));
  }

  /** Keeps a Huffman table, given without marker and length, until the next scan. */
  void keepStandard(byte[] table) {
    ByteBuffer segment = ByteBuffer.allocate(3 + table.length);
    kept.add(segment.put((byte) Marker.DHT).putShort((short) (2 + table.length)).put(table).flip());
  }

  /** Writes everything before the tables of the first scan. */
  void begin(JpegFrame frame, JpegColor color) {
    out.put(SOI);
    switch (color) {
      case GRAY, YCBCR -> out.put(JFIF);
      case RGB -> out.put(ADOBE_RGB);
      // Without such a segment, the reader returns four components unconverted.
      case CMYK, YCCK -> {}
    }
    int count = frame.components().size();
    out.putShort((short) (frame.progressive() ? 0xFFC2 : 0xFFC1));
    out.putShort((short) (8 + 3 * count)).put((byte) 8);
    out.putShort((short) frame.height()).putShort((short) frame.width()).put((byte) count);
    for (int i = 0; i < count; i++) {
      JpegFrame.Component component = frame.components().get(i);
      out.put((byte) (i + 1));
      out.put((byte) ((component.across() << 4) | component.down()));
      out.put((byte) component.quantization());
    }
  }

  /** Writes the kept segments and a scan header. */
  void scan(ScanHeader header) {
    for (ByteBuffer segment : kept) {
      out.put((byte) 0xFF).put(segment);
    }
    kept.clear();
    int count = header.parts().size();
    out.putShort((short) (0xFF00 | Marker.SOS)).putShort((short) (6 + 2 * count));
    out.put((byte) count);
    for (ScanHeader.Part part : header.parts()) {
      out.put((byte) (part.component() + 1));
      out.put((byte) ((part.dcTable() << 4) | part.acTable()));
    }
    out.put((byte) header.first()).put((byte) header.last());
    out.put((byte) ((header.high() << 4) | header.low()));
  }

  /** Writes a scan's data from the source. */
  void data(int from, int end, List<JpegScan.Surplus> surplus) {
    int at = from;
    for (JpegScan.Surplus each : surplus) {
      out.put(source, at, each.from() - at);
      at = each.end();
    }
    out.put(source, at, end - at);
  }

  Bytes finish() {
    out.put(EOI);
    byte[] written = new byte[out.position()];
    out.flip().get(written);
    return Bytes.wrap(written);
  }
}
