package chorale.imaging;

import java.util.List;
import java.util.Optional;

/**
 * Detection of unsupported formats by their magic bytes, so that a rejection can name the format.
 * Sources: the specifications of the formats; for brands of ISO base media files, MP4RA.
 */
final class OtherFormat {
  private OtherFormat() {}

  private record Magic(int at, String hex, String name) {}

  private static final List<Magic> MAGICS =
      List.of(
          new Magic(8, "57454250", "WebP"),
          new Magic(0, "47494638", "GIF"),
          new Magic(0, "424D........00000000", "BMP"),
          new Magic(0, "49492A00", "TIFF"),
          new Magic(0, "4D4D002A", "TIFF"),
          new Magic(0, "49492B00", "TIFF"),
          new Magic(0, "4D4D002B", "TIFF"),
          new Magic(0, "4949BC01", "JPEG XR"),
          new Magic(0, "0000000C6A5020200D0A870A", "JPEG 2000"),
          new Magic(0, "FF4FFF51", "JPEG 2000"),
          new Magic(0, "0000000C4A584C200D0A870A", "JPEG XL"),
          new Magic(0, "FF0A", "JPEG XL"),
          new Magic(0, "8B4A4E47", "JNG"),
          new Magic(0, "8A4D4E47", "MNG"),
          new Magic(0, "00000100", "ICO"),
          new Magic(0, "38425053", "Photoshop PSD"),
          new Magic(0, "716F6966", "QOI"),
          new Magic(0, "762F3101", "OpenEXR"),
          new Magic(0, "44445320", "DDS"),
          new Magic(0, "233F524144", "Radiance HDR"),
          new Magic(0, "53494D504C452020", "FITS"),
          new Magic(128, "4449434D", "DICOM"),
          new Magic(0, "25215053", "PostScript"),
          new Magic(0, "25504446", "PDF"),
          new Magic(0, "1F8B", "gzip"),
          new Magic(0, "504B0304", "a ZIP archive"),
          new Magic(0, "7801", "zlib"),
          new Magic(0, "789C", "zlib"),
          new Magic(0, "78DA", "zlib"),
          new Magic(0, "28B52FFD", "Zstandard"),
          new Magic(0, "425A68", "bzip2"),
          new Magic(0, "FD377A585A00", "xz"),
          new Magic(0, "377ABCAF271C", "a 7z archive"),
          new Magic(0, "FFFE", "UTF-16 text"),
          new Magic(0, "FEFF", "UTF-16 text"),
          new Magic(0, "934E554D5059", "a NumPy array"),
          new Magic(0, "8002", "a Python pickle"),
          new Magic(0, "8003", "a Python pickle"),
          new Magic(0, "8004", "a Python pickle"),
          new Magic(0, "8005", "a Python pickle"),
          new Magic(8, "41564920", "AVI video"),
          new Magic(8, "57415645", "WAV audio"),
          new Magic(0, "1A45DFA3", "Matroska or WebM video"),
          new Magic(0, "464C5601", "FLV video"),
          new Magic(0, "444B4946", "IVF video"),
          new Magic(0, "595556344D504547", "raw video (YUV4MPEG)"),
          new Magic(0, "4F676753", "Ogg"),
          new Magic(0, "000001BA", "MPEG video"),
          new Magic(0, "000001B3", "MPEG video"));

  private static final int TRANSPORT_PACKET = 188;

  /** Returns the name of the format; empty if it is none of these. */
  static Optional<String> name(byte[] data) {
    for (Magic magic : MAGICS) {
      boolean riff = magic.at() != 8 || MagicBytes.matchesText(data, 0, "RIFF");
      if (riff && MagicBytes.matches(data, magic.at(), magic.hex())) {
        return Optional.of(magic.name());
      }
    }
    if (MagicBytes.matchesText(data, 4, "ftyp")) {
      return Optional.of(brand(data));
    }
    if (isNetpbm(data)) {
      return Optional.of("Netpbm (PBM, PGM, PPM)");
    }
    return video(data);
  }

  /**
   * Names the format by its major brand, which follows the box type (ISO/IEC 14496-12 section 4.3).
   */
  private static String brand(byte[] data) {
    for (String heic : List.of("heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1")) {
      if (MagicBytes.matchesText(data, 8, heic)) {
        return "HEIC";
      }
    }
    if (MagicBytes.matchesText(data, 8, "crx")) {
      return "a camera's raw file";
    }
    return MagicBytes.matchesText(data, 8, "avi") ? "AVIF" : "MP4 video";
  }

  private static boolean isNetpbm(byte[] data) {
    return data.length > 2
        && data[0] == 'P'
        && data[1] >= '1'
        && data[1] <= '7'
        && Character.isWhitespace(data[2]);
  }

  /** Detects H.264 and H.265 byte streams (annex B of both) and MPEG transport packets. */
  private static Optional<String> video(byte[] data) {
    int unit =
        MagicBytes.matches(data, 0, "00000001")
            ? 4
            : MagicBytes.matches(data, 0, "000001") ? 3 : -1;
    if (unit > 0 && unit < data.length) {
      int header = data[unit] & 0xFF;
      int type264 = header & 0x1F;
      if (header < 0x80 && (type264 == 1 || (type264 >= 5 && type264 <= 9))) {
        return Optional.of("H.264 video");
      }
      return Optional.of(header == 0x40 || header == 0x42 ? "H.265 video" : "MPEG video");
    }
    boolean packets =
        data.length > TRANSPORT_PACKET && data[0] == 0x47 && data[TRANSPORT_PACKET] == 0x47;
    return packets ? Optional.of("MPEG transport stream") : Optional.empty();
  }
}
