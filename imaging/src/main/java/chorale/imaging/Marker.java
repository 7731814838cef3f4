package chorale.imaging;

/**
 * The markers of a JPEG, by their second byte; the first one is 0xFF. Source: ITU-T T.81 table B.1.
 */
final class Marker {
  static final int DHT = 0xC4;
  static final int DAC = 0xCC;
  static final int RST0 = 0xD0;
  static final int SOI = 0xD8;
  static final int EOI = 0xD9;
  static final int SOS = 0xDA;
  static final int DQT = 0xDB;
  static final int DNL = 0xDC;
  static final int DRI = 0xDD;
  static final int DHP = 0xDE;
  static final int APP0 = 0xE0;
  static final int APP1 = 0xE1;
  static final int APP14 = 0xEE;
  static final int JPEG_LS = 0xF7;

  private static final int TEM = 0x01;

  private Marker() {}

  /**
   * Returns whether it starts a frame header: SOF0 to SOF15 (except DHT, JPG and DAC between them),
   * DHP, JPEG-LS.
   */
  static boolean isFrame(int marker) {
    boolean sof = marker >= 0xC0 && marker <= 0xCF;
    return (sof && marker != DHT && marker != 0xC8 && marker != DAC)
        || marker == DHP
        || marker == JPEG_LS;
  }

  static boolean isRestart(int marker) {
    return (marker & 0xF8) == RST0;
  }

  /** Returns whether the marker has no length field. */
  static boolean isAlone(int marker) {
    return isRestart(marker) || marker == SOI || marker == EOI || marker == TEM;
  }

  /** Reads a big-endian number of two bytes. */
  static int u16(byte[] data, int at) {
    return ((data[at] & 0xFF) << 8) | (data[at + 1] & 0xFF);
  }

  /**
   * Returns the index of the next marker's second byte, after one or more 0xFF; the end of the
   * array if there is none. Other bytes are skipped.
   */
  static int next(byte[] data, int from) {
    for (int i = from; i + 1 < data.length; i++) {
      if (data[i] == (byte) 0xFF && data[i + 1] != 0 && data[i + 1] != (byte) 0xFF) {
        return i + 1;
      }
    }
    return data.length;
  }
}
