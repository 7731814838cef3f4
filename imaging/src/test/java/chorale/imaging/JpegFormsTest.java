package chorale.imaging;

import static chorale.imaging.Rejections.assertRejected;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import chorale.protocol.Bytes;
import chorale.protocol.ReplyError;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Valid JPEGs in unusual forms from cameras and programs, and unsupported forms. */
final class JpegFormsTest {
  private static final Bytes SCENE = TestPictures.encoded("jpeg", TestPictures.scene(90, 70));

  private final ImageDecoder decoder = new ImageDecoder(1_000_000);

  @Test
  void decode_progressive_equalsBaseline() throws Exception {
    assertSame(SCENE, TestPictures.progressive(TestPictures.scene(90, 70)));
  }

  /** Webcams omit the standard tables from motion JPEG. */
  @Test
  void decode_withoutHuffmanTables_usesTheStandardOnes() throws Exception {
    assertSame(SCENE, TestPictures.without(SCENE, 0xC4));
    assertSame(SCENE, TestPictures.without(TestPictures.without(SCENE, 0xC4), 0xE0));
  }

  @Test
  void decode_withoutOtherTables_isBad() {
    assertRejected(
        ReplyError.BAD_IMAGE, "without a quantization table", TestPictures.without(SCENE, 0xDB));
    Bytes progressive = TestPictures.progressive(TestPictures.scene(90, 70));
    assertRejected(
        ReplyError.BAD_IMAGE, "without a Huffman table", TestPictures.without(progressive, 0xC4));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r\n",
        "   ",
        "\0\0\0\0",
        "\u00EF\u00BB\u00BF",
        "--frame\r\nContent-Type: image/jpeg\r\nContent-Length: 3000\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\n"
      })
  void decode_bytesBeforeItsStart_areSkipped(String lead) throws Exception {
    byte[] before = lead.getBytes(StandardCharsets.ISO_8859_1);
    assertSame(SCENE, joined(before, SCENE.toArray()));
    Bytes png = TestPictures.encoded("png", TestPictures.scene(5, 4));
    assertSame(png, joined(before, png.toArray()));
  }

  @Test
  void decode_restOfPreviousFrame_isSkipped() throws Exception {
    byte[] data = SCENE.toArray();
    byte[] rest = Arrays.copyOfRange(data, data.length - 700, data.length);

    assertSame(SCENE, joined(rest, data));
  }

  @Test
  void decode_startAfterMaxLead_isNotFound() {
    Bytes late = joined(new byte[ImageFormat.MAX_LEAD + 1], SCENE.toArray());

    assertRejected(ReplyError.UNSUPPORTED, "no known image format", late);
  }

  @Test
  void decode_bytesAfterItsEnd_areIgnored() throws Exception {
    for (byte[] tail :
        List.of(
            "\r\n--frame".getBytes(StandardCharsets.US_ASCII),
            new byte[4_096],
            SCENE.toArray(),
            HexFormat.of().parseHex("FFDA".repeat(200)))) {
      assertSame(SCENE, joined(SCENE.toArray(), tail));
    }
  }

  @Test
  void decode_irrelevantSegments_changeNothing() throws Exception {
    byte[] profile = "ICC_PROFILE\0\2\5junk".getBytes(StandardCharsets.US_ASCII);
    assertSame(SCENE, TestPictures.withSegment(SCENE, 0xE2, profile)); // chunk 2 of 5
    assertSame(SCENE, TestPictures.withSegment(SCENE, 0xFE, new byte[60_000]));
    assertSame(SCENE, TestPictures.withSegment(SCENE, 0xE0, new byte[] {'J', 'F', 'I', 'F', 0}));
    assertSame(SCENE, TestPictures.withSegment(SCENE, 0xEE, new byte[] {'A', 'd', 'o', 'b', 'e'}));
    byte[] data = SCENE.toArray();
    byte[] rest = Arrays.copyOfRange(data, 2, data.length);
    assertSame(SCENE, joined(HexFormat.of().parseHex("FFD8FFFFFF"), rest)); // fill bytes
    assertSame(SCENE, joined(HexFormat.of().parseHex("FFD8FFE10001"), rest)); // too short a length
    assertSame(SCENE, joined(HexFormat.of().parseHex("FFD8FFD8"), rest));
  }

  /** A stream with only tables precedes the image, which has none. */
  @Test
  void decode_tablesInASeparateStream_areUsed() throws Exception {
    Bytes bare = TestPictures.without(TestPictures.without(SCENE, 0xC4), 0xDB);
    Bytes tables = TestPictures.without(SCENE, 0xC0);
    byte[] withoutScan = Arrays.copyOf(tables.toArray(), TestPictures.scanStart(tables) - 14);

    assertSame(SCENE, joined(withoutScan, HexFormat.of().parseHex("FFD9"), bare.toArray()));
  }

  /** A scanner that does not know the number of lines in advance. */
  @Test
  void decode_heightAfterTheScan_isUsed() throws Exception {
    byte[] open = frameByte(5, 0, 6, 0).toArray();
    byte[] lines = HexFormat.of().parseHex("FFDC00040046FFD9");

    assertSame(SCENE, joined(Arrays.copyOf(open, open.length - 2), lines));
    assertRejected(ReplyError.BAD_IMAGE, "90 x 0 pixels", Bytes.wrap(open));
  }

  @Test
  void decode_anyComponentNumbers_areLumaAndChroma() throws Exception {
    for (Bytes jpeg : List.of(SCENE, TestPictures.without(SCENE, 0xE0))) {
      assertSame(SCENE, TestPictures.numbered(jpeg, 0, 1, 2));
      assertSame(SCENE, TestPictures.numbered(jpeg, 34, 35, 36));
      assertSame(SCENE, TestPictures.numbered(jpeg, 7, 7, 7));
    }
  }

  @Test
  void of_contradictions_followThePolicy() throws Exception {
    JpegFrame.Component full = new JpegFrame.Component('R', 1, 1, 0);
    JpegFrame rgb =
        new JpegFrame(
            false,
            8,
            8,
            List.of(
                full,
                new JpegFrame.Component('G', 1, 1, 0),
                new JpegFrame.Component('B', 1, 1, 0)));
    JpegFrame full3 = new JpegFrame(false, 8, 8, List.of(full, full, full));
    JpegFrame subsampled =
        new JpegFrame(false, 8, 8, List.of(new JpegFrame.Component(1, 2, 2, 0), full, full));
    int none = JpegColor.NO_ADOBE;

    assertEquals(JpegColor.RGB, JpegColor.of(rgb, none, false));
    assertEquals(JpegColor.YCBCR, JpegColor.of(full3, none, false));
    assertEquals(JpegColor.YCBCR, JpegColor.of(full3, none, true));
    assertEquals(JpegColor.RGB, JpegColor.of(full3, 0, false));
    assertEquals(JpegColor.RGB, JpegColor.of(full3, 0, true));
    assertEquals(JpegColor.YCBCR, JpegColor.of(rgb, 1, false));
    assertEquals(JpegColor.YCBCR, JpegColor.of(subsampled, 0, true));
    JpegFrame gray = new JpegFrame(false, 8, 8, List.of(full));
    assertEquals(JpegColor.GRAY, JpegColor.of(gray, 1, true));
    JpegFrame four = new JpegFrame(false, 8, 8, List.of(full, full, full, full));
    assertEquals(JpegColor.CMYK, JpegColor.of(four, none, false));
    assertEquals(JpegColor.CMYK, JpegColor.of(four, 0, false));
    assertEquals(JpegColor.YCCK, JpegColor.of(four, 2, false));
  }

  @Test
  void decode_cmyk_isConverted() throws Exception {
    // Without an Adobe segment, 0 means no ink: cyan and some black.
    Bytes inks = inks(200, 0, 100, 51);
    assertColor(decoder.decode(inks), 44, 204, 124);
    // With an Adobe segment, 255 means no ink.
    assertColor(decoder.decode(adobe(inks, 0)), 40, 0, 20);
    // YCCK: the first three samples are luma and chroma of the inverted inks.
    assertColor(decoder.decode(adobe(inks(100, 128, 128, 255), 2)), 155, 155, 155);
    assertColor(decoder.decode(adobe(inks(76, 85, 255, 255), 2)), 1, 255, 255);
  }

  private static Bytes inks(int... values) throws Exception {
    WritableRaster raster =
        Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 16, 16, values.length, null);
    for (int i = 0; i < values.length; i++) {
      int[] samples = new int[256];
      Arrays.fill(samples, values[i]);
      raster.setSamples(0, 0, 16, 16, i, samples);
    }
    return TestPictures.jpegOf(raster);
  }

  private static Bytes adobe(Bytes jpeg, int transform) {
    byte[] segment = {'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, (byte) transform};
    return TestPictures.withSegment(jpeg, 0xEE, segment);
  }

  private static void assertColor(Pixels pixels, int red, int green, int blue) {
    float[] row = TestPictures.row(pixels, 8);
    assertEquals(red, row[8], 3);
    assertEquals(green, row[pixels.width() + 8], 3);
    assertEquals(blue, row[2 * pixels.width() + 8], 3);
  }

  @Test
  void decode_otherCodings_areUnsupportedAndNamed() {
    assertRejected(ReplyError.UNSUPPORTED, "an arithmetic-coded JPEG", coded(0xC9));
    assertRejected(ReplyError.UNSUPPORTED, "an arithmetic-coded JPEG", coded(0xCA));
    assertRejected(ReplyError.UNSUPPORTED, "a lossless JPEG", coded(0xC3));
    assertRejected(ReplyError.UNSUPPORTED, "a hierarchical JPEG", coded(0xC5));
    assertRejected(ReplyError.UNSUPPORTED, "JPEG-LS", coded(0xF7));
    assertRejected(ReplyError.UNSUPPORTED, "12 bits a sample (allowed: 8)", frameByte(4, 12));
    assertRejected(ReplyError.UNSUPPORTED, "2 components (allowed: 1, 3 or 4)", frameByte(9, 2));
    assertRejected(ReplyError.BAD_IMAGE, "frame header is broken", frameByte(11, 0x50));
    assertRejected(
        ReplyError.UNSUPPORTED, "sampling factors of 2 x 1", frameByte(11, 0x31, 14, 0x21));
    assertRejected(ReplyError.BAD_IMAGE, "90 x 0 pixels", frameByte(5, 0, 6, 0));
  }

  @Test
  void decode_extendedSequential_isDecoded() throws Exception {
    assertSame(SCENE, coded(0xC1));
  }

  @Test
  void decode_withoutAnImage_isBad() {
    assertRejected(
        ReplyError.BAD_IMAGE,
        "without a frame header",
        Bytes.wrap(HexFormat.of().parseHex("FFD8FFD9")));
    assertRejected(
        ReplyError.BAD_IMAGE, "without a frame header", TestPictures.without(SCENE, 0xC0));
  }

  /** Returns the scene with another marker for its frame header. */
  private static Bytes coded(int marker) {
    return frameByte(1, marker);
  }

  /** Returns the scene with changed bytes in its frame header, by their index after 0xFF. */
  private static Bytes frameByte(int... placesAndValues) {
    byte[] data = SCENE.toArray();
    int at = 2;
    while (data[at + 1] != (byte) 0xC0) {
      at += 2 + Marker.u16(data, at + 2);
    }
    for (int i = 0; i < placesAndValues.length; i += 2) {
      data[at + placesAndValues[i]] = (byte) placesAndValues[i + 1];
    }
    return Bytes.wrap(data);
  }

  private static Bytes joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return Bytes.wrap(out.toByteArray());
  }

  private void assertSame(Bytes expected, Bytes actual) throws Exception {
    Pixels one = decoder.decode(expected);
    Pixels other = decoder.decode(actual);
    assertEquals(one.width(), other.width());
    assertEquals(one.height(), other.height());
    for (int y = 0; y < one.height(); y++) {
      assertArrayEquals(TestPictures.row(one, y), TestPictures.row(other, y), "row " + y);
    }
  }
}
