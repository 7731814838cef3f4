package chorale.imaging;

import static chorale.imaging.Rejections.assertDamaged;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.protocol.Bytes;
import chorale.protocol.ReplyError;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JpegDamageTest {
  private static final Bytes SCENE = TestPictures.encoded("jpeg", TestPictures.scene(200, 128));
  private static final Bytes PROGRESSIVE = TestPictures.progressive(TestPictures.scene(200, 128));

  private final ImageDecoder decoder = new ImageDecoder(1_000_000);

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 25, 50, 90, 99})
  void decode_cutAnywhere_endsAtItsRow(int percent) {
    assertDamaged("image data ends at row ", cut(SCENE, percent));
    assertDamaged("image data ends ", cut(PROGRESSIVE, percent));
  }

  @Test
  void decode_cutInHalf_namesTheRow() {
    HandMadeJpeg jpeg = new HandMadeJpeg(64, 80, 0).blocks(8 * 5 + 3).align();

    assertDamaged("image data ends at row 40 of 80", jpeg.bytes());
    assertDamaged("image data ends at row 40 of 80", jpeg.hex("FFD9").bytes());
  }

  @Test
  void decode_cutBetweenScans_isDamaged() {
    byte[] data = PROGRESSIVE.sharedArray();
    int scans = 0;
    for (int i = TestPictures.scanStart(PROGRESSIVE); i + 1 < data.length; i++) {
      if (data[i] == (byte) 0xFF && (data[i + 1] == (byte) 0xC4 || data[i + 1] == (byte) 0xDA)) {
        scans++;
        Bytes cut = Bytes.wrap(Arrays.copyOf(data, i));
        assertDamaged("the last scans are missing", cut);
        Bytes ended = Bytes.wrap(Arrays.copyOf(data, i + 2));
        ended.sharedArray()[i + 1] = (byte) 0xD9;
        assertDamaged("the last scans are missing", ended);
      }
    }
    assertTrue(scans > 5, "scans: " + scans);
  }

  @Test
  void decode_repeatedScan_isDamaged() {
    byte[] data = PROGRESSIVE.sharedArray();
    int header = TestPictures.scanStart(PROGRESSIVE) - 14;
    int end = Marker.next(data, header + 14) - 1;
    byte[] more = Arrays.copyOf(data, end + end - header);
    System.arraycopy(data, header, more, end, end - header);

    assertDamaged("scans are missing or repeated", Bytes.wrap(more));
  }

  @Test
  void decode_missingEoi_isDecoded() throws Exception {
    assertEquals(200, decoder.decode(cutBytes(SCENE, 2)).width());
    assertEquals(200, decoder.decode(cutBytes(PROGRESSIVE, 2)).width());
  }

  @Test
  void decode_missingOrRepeatedData_isDamaged() {
    byte[] data = SCENE.sharedArray();
    int at = TestPictures.scanStart(SCENE) + 900;
    byte[] hole = Arrays.copyOf(data, data.length - 700);
    System.arraycopy(data, at + 700, hole, at, hole.length - at);
    assertDamaged("image data", Bytes.wrap(hole));

    byte[] repeat = Arrays.copyOf(data, data.length + 700);
    System.arraycopy(data, at, repeat, at + 700, data.length - at);
    assertDamaged("image data", Bytes.wrap(repeat));
  }

  /** A camera's buffer of which only the first part was written. */
  @Test
  void decode_zeroFilledRest_isDamaged() {
    for (Bytes jpeg : new Bytes[] {SCENE, PROGRESSIVE}) {
      byte[] cut = Arrays.copyOf(jpeg.toArray(), jpeg.size() / 2);
      assertDamaged("image data", Bytes.wrap(Arrays.copyOf(cut, jpeg.size())));
      assertDamaged("image data", Bytes.wrap(Arrays.copyOf(cut, 1 << 18)));
    }
  }

  @Test
  void decode_secondImageInsideTheFirst_isDamaged() {
    byte[] data = SCENE.sharedArray();
    byte[] both = Arrays.copyOf(data, 2_000 + data.length);
    System.arraycopy(data, 0, both, 2_000, data.length);

    assertDamaged("image data ends at row ", Bytes.wrap(both));
  }

  @Test
  void decode_handMade_isGray() throws Exception {
    Pixels pixels = decoder.decode(new HandMadeJpeg(20, 12, 0).blocks(6).finished());

    assertEquals(20, pixels.width());
    assertEquals(128, TestPictures.row(pixels, 11)[19]);
  }

  @Test
  void decode_nonexistentCode_isDamaged() {
    assertDamaged(
        "image data is broken at row 8 of 16",
        new HandMadeJpeg(16, 16, 0).blocks(2).bits("1".repeat(40)).blocks(2).finished());
  }

  @Test
  void decode_coefficientAfterTheLast_isDamaged() {
    String sixteenZeros = "11111111001";
    String tooFar = HandMadeJpeg.SAME + sixteenZeros.repeat(4) + HandMadeJpeg.END;

    assertDamaged(
        "image data is broken at row 0 of 8",
        new HandMadeJpeg(16, 8, 0).bits(tooFar).blocks(9).finished());
  }

  @Test
  void decode_coefficientTooLarge_isDamaged() throws Exception {
    // With a step of 16, the limit of 1,280 for a coefficient becomes 80, which takes 7 bits.
    String size7 = "11111000" + "1000000";
    String size8 = "1111110110" + "10000000";
    HandMadeJpeg large = new HandMadeJpeg(8, 8, 0).bits(HandMadeJpeg.SAME + size7);
    HandMadeJpeg larger = new HandMadeJpeg(8, 8, 0).bits(HandMadeJpeg.SAME + size8);

    assertEquals(8, decoder.decode(large.bits(HandMadeJpeg.END).finished()).width());
    assertDamaged(
        "image data is broken at row 0", larger.bits(HandMadeJpeg.END).blocks(9).finished());
  }

  @Test
  void decode_brightnessOutOfRange_isDamaged() {
    String brighter = "1110" + "111111" + HandMadeJpeg.END; // a difference of 63, with a step of 16

    assertDamaged(
        "image data is broken at row 8 of 16",
        new HandMadeJpeg(8, 16, 0).bits(brighter).bits(brighter).blocks(9).finished());
  }

  @Test
  void decode_surplusData_isDamaged() {
    String eight = "5A".repeat(8);
    HandMadeJpeg jpeg = new HandMadeJpeg(8, 8, 0).blocks(1).align();
    assertDamaged("left over", jpeg.hex(eight).hex("FFD9").bytes());
    assertDamaged("left over", new HandMadeJpeg(8, 8, 0).blocks(13).finished());
    assertDamaged("left over", new HandMadeJpeg(8, 8, 0).blocks(1).bits("01").bits("").finished());
  }

  @Test
  void decode_zeroPadding_isDecoded() throws Exception {
    Bytes zeroBits = new HandMadeJpeg(8, 8, 0).blocks(1).align('0').hex("FFD9").bytes();
    Bytes zeroBytes = new HandMadeJpeg(8, 8, 0).blocks(1).align().hex("000000 FFD9").bytes();
    Bytes fill = new HandMadeJpeg(8, 8, 0).blocks(1).align().hex("FFFFFF FFD9").bytes();

    byte[] progressive = Arrays.copyOf(PROGRESSIVE.toArray(), PROGRESSIVE.size() + 4);
    progressive[progressive.length - 2] = (byte) 0xFF;
    progressive[progressive.length - 1] = (byte) 0xD9;
    Arrays.fill(progressive, progressive.length - 6, progressive.length - 2, (byte) 0);

    assertEquals(200, decoder.decode(Bytes.wrap(progressive)).width());
    assertEquals(8, decoder.decode(zeroBits).width());
    assertEquals(8, decoder.decode(zeroBytes).width());
    assertEquals(8, decoder.decode(fill).width());
  }

  /** Webcam encoders write whole words. */
  @Test
  void decode_fewSurplusBytes_areSkipped() throws Exception {
    for (String surplus : List.of("5A", "FF00", "5AFF0012", "0102030405FF00")) {
      HandMadeJpeg atEnd = new HandMadeJpeg(8, 8, 0).blocks(1).align().hex(surplus);
      assertEquals(8, decoder.decode(atEnd.bytes()).width(), surplus);
      assertEquals(8, decoder.decode(atEnd.hex("FFD9").bytes()).width(), surplus);
      Bytes plain = restarts("FFD0", "FFD1", "").bytes();
      Bytes padded = restarts(surplus + "FFD0", surplus + "FFFFD1", surplus).bytes();
      assertArrayEquals(
          TestPictures.row(decoder.decode(plain), 23),
          TestPictures.row(decoder.decode(padded), 23));
    }
  }

  @Test
  void decode_restartMarkers_mustBeInOrder() throws Exception {
    assertEquals(16, decoder.decode(restarts("FFD0", "FFD1", "").bytes()).width());
    assertEquals(16, decoder.decode(restarts("FFD0", "FFFFFFD1", "").bytes()).width());
    assertEquals(16, decoder.decode(restarts("FFD0", "FFD1", "FFD2").bytes()).width());

    assertDamaged(
        "a restart marker is missing or out of turn at row 16 of 24",
        restarts("FFD0", "FFD2", "").bytes());
    assertDamaged("missing or out of turn at row 8 of 24", restarts("", "FFD1", "").bytes());
    assertDamaged(
        "image data is broken at row 8 of 24",
        restarts("5A".repeat(8) + "FFD0", "FFD1", "").bytes());
    assertDamaged("row 16 of 24", restarts("FFD0", "", "").bytes());
  }

  /** Three rows of two blocks, each row followed by one of these markers. */
  private static HandMadeJpeg restarts(String first, String second, String third) {
    HandMadeJpeg jpeg = new HandMadeJpeg(16, 24, 2);
    return jpeg.blocks(2)
        .align()
        .hex(first)
        .blocks(2)
        .align()
        .hex(second)
        .blocks(2)
        .align()
        .hex(third)
        .hex("FFD9");
  }

  @Test
  void decode_dataAfterTheLastRestart_isDamaged() {
    assertDamaged(
        "left over", new HandMadeJpeg(16, 8, 2).blocks(2).align().hex("FFD0").blocks(2).finished());
  }

  @Test
  void decode_lostInterval_isDamaged() {
    HandMadeJpeg jpeg = new HandMadeJpeg(16, 24, 2).blocks(2).align().hex("FFD0");

    assertDamaged(
        "image data ends at row 8 of 24", jpeg.blocks(1).align().hex("FFD1").blocks(2).finished());
  }

  @Test
  void decode_cutInItsHeader_isBad() {
    for (int size : new int[] {3, 4, 20, 60, TestPictures.scanStart(SCENE) - 1}) {
      Bytes cut = Bytes.wrap(Arrays.copyOf(SCENE.toArray(), size));
      Rejections.assertRejected(ReplyError.BAD_IMAGE, "a JPEG", cut);
    }
  }

  /** Random transmission errors of a valid image: most are detected, and none causes a bug. */
  @Test
  void decode_randomDamage_isMostlyDetected() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int start = TestPictures.scanStart(SCENE);
    int found = 0;
    for (int i = 0; i < 400; i++) {
      byte[] data = SCENE.toArray();
      int at = start + random.nextInt(data.length - start - 90);
      for (int j = 0; j < 80; j++) {
        data[at + j] = (byte) random.nextInt(255);
      }
      try {
        decoder.decode(Bytes.wrap(data));
      } catch (ImageRejectedException e) {
        assertEquals(ReplyError.DAMAGED, e.error(), "seed " + seed + ": " + e.getMessage());
        found++;
      }
    }
    assertTrue(found > 340, "seed " + seed + ": found " + found + " of 400");
  }

  private static Bytes cut(Bytes jpeg, int percent) {
    int start = TestPictures.scanStart(jpeg);
    int length = start + (jpeg.size() - 2 - start) * percent / 100;
    return Bytes.wrap(Arrays.copyOf(jpeg.toArray(), length));
  }

  private static Bytes cutBytes(Bytes jpeg, int fewer) {
    return Bytes.wrap(Arrays.copyOf(jpeg.toArray(), jpeg.size() - fewer));
  }
}
