package chorale.imaging;

import static chorale.imaging.Rejections.assertRejected;

import chorale.protocol.Bytes;
import chorale.protocol.ReplyError;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OtherFormatTest {
  private static final Bytes JPEG = TestPictures.encoded("jpeg", TestPictures.scene(120, 90));

  @ParameterizedTest
  @CsvSource({
    "524946460000000057454250, WebP; send JPEG or PNG",
    "474946383961, GIF",
    "424D3610000000000000, BMP",
    "49492A0008000000, TIFF",
    "4D4D002A00000008, TIFF",
    "0000000C6A5020200D0A870A, JPEG 2000",
    "FF4FFF51, JPEG 2000",
    "0000000C4A584C200D0A870A, JPEG XL",
    "FF0A12, JPEG XL",
    "000000186674797068656963, HEIC",
    "00000018667479706D696631, HEIC",
    "0000001C6674797061766966, AVIF",
    "000000206674797069736F6D, MP4 video",
    "255044462D312E37, PDF",
    "1F8B0800, gzip",
    "504B030414, a ZIP archive",
    "5249464600000000415649204C495354, AVI video",
    "1A45DFA3, Matroska",
    "464C560105, FLV",
    "000001BA44, MPEG video",
    "0000000167640028, H.264 video",
    "00000109F0, H.264 video",
    "0000000140010C01, H.265 video",
    "50360A332032, Netpbm",
    "934E554D5059, NumPy",
    "8004951234, pickle",
    "8002580300, pickle",
    "233F52414449414E4345, Radiance HDR",
    "444B494600002000, IVF video",
    "595556344D50454732, raw video",
    "0000010001001010, ICO",
    "789C0102, zlib",
    "78010102, zlib",
    "0000001866747970637278, raw file",
    "FFFE41004200, UTF-16"
  })
  void find_magicBytes_areNamed(String hex, String name) {
    assertRejected(ReplyError.UNSUPPORTED, name, Bytes.wrap(HexFormat.of().parseHex(hex)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"state\": \"idle\"}|JSON; send the bytes",
        "[1, 2]|JSON; send the bytes",
        "<!DOCTYPE html><html>|HTML",
        "<html><body>401|HTML",
        "<svg xmlns='x'>|SVG",
        "<?xml version='1.0'?><a/>|XML",
        "data:image/jpeg;base64,/9j/4AAQ|a data URL; send the bytes",
        "http://camera.local/snapshot.jpg|a URL; send the bytes",
        "offline|text; send the bytes",
        "b'\\xff\\xd8\\xff'|Python text"
      })
  void find_text_isNamed(String text, String name) {
    assertRejected(ReplyError.UNSUPPORTED, name, Bytes.utf8(text));
    assertRejected(ReplyError.UNSUPPORTED, name, Bytes.utf8("\uFEFF" + text + "\n"));
  }

  @Test
  void find_imageEncodedAsText_isNamed() {
    byte[] data = JPEG.toArray();
    String base64 = Base64.getEncoder().encodeToString(data);
    assertRejected(ReplyError.UNSUPPORTED, "base64 text; send the bytes", Bytes.utf8(base64));
    String lines = Base64.getMimeEncoder().encodeToString(data);
    assertRejected(ReplyError.UNSUPPORTED, "base64 text", Bytes.utf8(lines));
    String url = Base64.getUrlEncoder().encodeToString(data);
    assertRejected(ReplyError.UNSUPPORTED, "base64 text", Bytes.utf8(url));
    assertRejected(ReplyError.UNSUPPORTED, "hexadecimal text", Bytes.utf8(JPEG.hex()));
  }

  @Test
  void find_imageConvertedToText_isNamed() {
    Bytes png = TestPictures.encoded("png", TestPictures.scene(9, 9));
    for (Bytes image : new Bytes[] {JPEG, png}) {
      String replaced = new String(image.toArray(), StandardCharsets.UTF_8);
      assertRejected(ReplyError.UNSUPPORTED, "converted to UTF-8", Bytes.utf8(replaced));
      String latin = new String(image.toArray(), StandardCharsets.ISO_8859_1);
      assertRejected(ReplyError.UNSUPPORTED, "converted to UTF-8", Bytes.utf8(latin));
      byte[] ascii = latin.getBytes(StandardCharsets.US_ASCII);
      assertRejected(ReplyError.UNSUPPORTED, "converted to UTF-8 or other text", Bytes.wrap(ascii));
    }
    byte[] lineEnds = latin(png).replace("\r\n", "\n").getBytes(StandardCharsets.ISO_8859_1);
    assertRejected(
        ReplyError.UNSUPPORTED, "converted to UTF-8 or other text", Bytes.wrap(lineEnds));
  }

  private static String latin(Bytes bytes) {
    return new String(bytes.toArray(), StandardCharsets.ISO_8859_1);
  }

  @Test
  void find_pieceOfAJpeg_isNamed() {
    byte[] data = TestPictures.encoded("jpeg", TestPictures.scene(600, 400)).toArray();
    Bytes piece = Bytes.wrap(Arrays.copyOfRange(data, data.length / 2, data.length));

    assertRejected(ReplyError.UNSUPPORTED, "a piece of a JPEG", piece);
  }

  @Test
  void find_rawPixels_areGuessed() {
    byte[] pixels = new byte[320 * 240 * 3];
    new Random(1).nextBytes(pixels);
    assertRejected(ReplyError.UNSUPPORTED, "320 x 240 of 24 bits", Bytes.wrap(pixels));
    assertRejected(
        ReplyError.UNSUPPORTED,
        "320 x 240 of 16 bits",
        Bytes.wrap(Arrays.copyOf(pixels, 320 * 240 * 2)));
    Arrays.fill(pixels, (byte) '7'); // not hexadecimal text
    assertRejected(ReplyError.UNSUPPORTED, "320 x 240 of 24 bits", Bytes.wrap(pixels));
  }

  @Test
  void find_anythingElse_isNoKnownFormat() {
    assertRejected(ReplyError.UNSUPPORTED, "no known image format", Bytes.EMPTY);
    assertRejected(
        ReplyError.UNSUPPORTED, "no known image format", Bytes.wrap(new byte[] {(byte) 0xFF}));
    assertRejected(ReplyError.UNSUPPORTED, "no known image format", Bytes.wrap(new byte[2_000]));
  }
}
