package chorale.imaging;

import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;

/**
 * The conversion of a JPEG's CMYK and YCCK samples to RGB: each color is multiplied by the light
 * that black ink lets through. Color profiles are ignored. Sources: ITU-T T.872 section 6.5.3
 * (YCCK, inverted samples), ITU-T T.871 section 7 (YCbCr).
 */
final class Cmyk {
  private static final int INKS = 4;

  private Cmyk() {}

  /**
   * @param ycck whether the first three samples are YCbCr of the inks' complements
   * @param inverted whether 255 means no ink
   */
  static Pixels toRgb(Raster raster, boolean ycck, boolean inverted) {
    int width = raster.getWidth();
    Canvas canvas = new Canvas(width, raster.getHeight(), 3);
    DataBufferByte buffer = (DataBufferByte) raster.getDataBuffer();
    byte[] data = buffer.getData();
    int stride = ((ComponentSampleModel) raster.getSampleModel()).getScanlineStride();
    int flip = inverted ? 0 : 255;
    byte[] row = new byte[3 * width];
    for (int y = 0; y < raster.getHeight(); y++) {
      int at = buffer.getOffset() + y * stride;
      if (ycck) {
        toInks(data, at, width);
      }
      for (int to = 0; to < row.length; to += 3) {
        int light = (data[at + 3] & 0xFF) ^ flip;
        for (int i = 0; i < 3; i++) {
          row[to + i] = (byte) ((((data[at + i] & 0xFF) ^ flip) * light + 127) / 255);
        }
        at += INKS;
      }
      canvas.put(y, row, 0);
    }
    return canvas.pixels();
  }

  /** Converts a row of YCCK to CMYK in place. */
  private static void toInks(byte[] data, int from, int width) {
    for (int at = from; at < from + INKS * width; at += INKS) {
      float luma = data[at] & 0xFF;
      float blue = (data[at + 1] & 0xFF) - 128;
      float red = (data[at + 2] & 0xFF) - 128;
      data[at] = complement(luma + 1.402f * red);
      data[at + 1] = complement(luma - 0.344136f * blue - 0.714136f * red);
      data[at + 2] = complement(luma + 1.772f * blue);
    }
  }

  private static byte complement(float value) {
    return (byte) (255 - Math.max(0, Math.min(255, (int) (value + 0.5f))));
  }
}
