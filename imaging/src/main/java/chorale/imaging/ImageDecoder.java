package chorale.imaging;

import chorale.protocol.Bytes;
import chorale.protocol.ReplyError;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.Iterator;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;

/**
 * Turns an encoded image into upright RGB pixels, or says why not. JPEG and PNG; the header is
 * judged before anything is decoded, because 8 KB can claim 100 million pixels.
 *
 * <ul>
 *   <li>JPEG: 3 bands or gray; CMYK and the like are {@code UNSUPPORTED}. The Exif orientation is
 *       honoured. More than {@value #MAX_SCANS} scans are refused: each costs a pass over all
 *       pixels.
 *   <li>PNG: all kinds; palettes are looked up, 16 bits are cut to 8, alpha lies over black.
 *       Metadata is not read, so that no text chunk unpacks to gigabytes.
 *   <li>Gray is taken as it is stored (drawing it would pass it through a colour space).
 * </ul>
 *
 * <p>Decoders of the platform throw {@link IOException} for broken files; should one throw
 * something unchecked it is the image's fault all the same, and {@code BAD_IMAGE}. Safe for several
 * threads: a reader per call.
 */
public final class ImageDecoder {
  /** Progressive files have about ten. */
  static final int MAX_SCANS = 64;

  /** Bounds what a row needs while it is resized, whatever the other side is. */
  static final int MAX_SIDE = 16_384;

  /**
   * From here on JPEGs stay luma and chroma: {@link Resize} converts what it leaves of them, which
   * is less. A small one is mostly enlarged.
   */
  private static final int LARGE_PIXELS = 64 * 64;

  private static final int JPEG_MAGIC = 0xFFD8FF;
  private static final long PNG_MAGIC = 0x89504E470D0A1A0AL;

  private final int maxPixels;
  private final ImageReaderSpi jpeg = provider("jpeg");
  private final ImageReaderSpi png = provider("png");

  /**
   * @param maxPixels width times height, at most
   */
  public ImageDecoder(int maxPixels) {
    if (maxPixels < 1) {
      throw new IllegalArgumentException("max pixels: " + maxPixels + " (allowed: at least 1)");
    }
    this.maxPixels = maxPixels;
  }

  /**
   * @throws ImageRejectedException the one way in which a payload fails
   */
  public Pixels decode(Bytes image) throws ImageRejectedException {
    if (isJpeg(image)) {
      JpegHeader header = JpegHeader.parse(image);
      if (header.components() != 1 && header.components() != 3 && header.components() != 0) {
        throw unsupported("a JPEG of " + header.components() + " components (allowed: 1 or 3)");
      }
      if (header.scans() > MAX_SCANS) {
        throw unsupported("a JPEG of " + header.scans() + " scans (allowed: 64)");
      }
      return read(jpeg, image, header.lumaChroma()).upright(header.orientation());
    }
    if (isPng(image)) {
      return read(png, image, false);
    }
    throw unsupported("neither JPEG nor PNG");
  }

  /**
   * @param lumaChroma whether its samples are that; a large image is then left so
   */
  private Pixels read(ImageReaderSpi provider, Bytes image, boolean lumaChroma)
      throws ImageRejectedException {
    ImageReader reader = null;
    try (BytesImageStream stream = new BytesImageStream(image)) {
      reader = provider.createReaderInstance();
      reader.setInput(stream, true, true);
      requireSize(reader.getWidth(0), reader.getHeight(0));
      if (lumaChroma && reader.getWidth(0) * reader.getHeight(0) >= LARGE_PIXELS) {
        return shared(reader.readRaster(0, null), true)
            .orElseThrow(() -> bad("the decoder gave another form of samples"));
      }
      BufferedImage decoded = reader.read(0);
      if (decoded == null) {
        throw bad("the decoder gave nothing");
      }
      return pixels(decoded, provider == png);
    } catch (IOException | RuntimeException e) {
      throw bad(String.valueOf(e.getMessage()));
    } catch (OutOfMemoryError e) {
      // One allocation too large for this heap; the frame is dropped and the worker goes on.
      throw new ImageRejectedException(ReplyError.TOO_LARGE, "too large for this worker's memory");
    } finally {
      if (reader != null) {
        reader.dispose();
      }
    }
  }

  private void requireSize(int width, int height) throws ImageRejectedException {
    if (width < 1 || height < 1) {
      throw bad("an image of " + width + " x " + height + " pixels");
    }
    if ((long) width * height > maxPixels || Math.max(width, height) > MAX_SIDE) {
      throw new ImageRejectedException(
          ReplyError.TOO_LARGE,
          width
              + " x "
              + height
              + " pixels (allowed: "
              + maxPixels
              + ", a side of "
              + MAX_SIDE
              + ")");
    }
  }

  private static Pixels pixels(BufferedImage image, boolean alphaAllowed)
      throws ImageRejectedException {
    Raster raster = image.getRaster();
    ColorModel colors = image.getColorModel();
    int bands = raster.getNumBands();
    if (colors instanceof IndexColorModel palette) {
      return looked(raster, palette);
    }
    int color = colors == null ? 0 : colors.getColorSpace().getType();
    boolean known = color == ColorSpace.TYPE_RGB || color == ColorSpace.TYPE_GRAY;
    boolean plain = bands == 1 || bands == 3;
    if (!known || !(plain || (alphaAllowed && (bands == 2 || bands == 4)))) {
      throw unsupported("an image of " + bands + " bands");
    }
    return shared(raster, false).orElseGet(() -> copied(raster));
  }

  /** Eight bits, gray or three channels, the usual case: the decoder's own array. */
  private static Optional<Pixels> shared(Raster raster, boolean lumaChroma) {
    int bands = raster.getNumBands();
    if ((bands != 1 && bands != 3)
        || raster.getParent() != null
        || !(raster.getSampleModel() instanceof ComponentSampleModel model)
        || !(raster.getDataBuffer() instanceof DataBufferByte buffer)
        || buffer.getNumBanks() != 1) {
      return Optional.empty();
    }
    int[] offsets = model.getBandOffsets();
    Pixels.Channels channels =
        new Pixels.Channels(offsets[0], offsets[bands / 2], offsets[bands - 1], lumaChroma);
    Pixels.Layout layout =
        new Pixels.Layout(
            raster.getWidth(),
            raster.getHeight(),
            buffer.getOffset(),
            model.getPixelStride(),
            model.getScanlineStride());
    return Optional.of(new Pixels(buffer.getData(), layout, channels));
  }

  /** Sixteen bits cut to eight, alpha over black. */
  private static Pixels copied(Raster raster) {
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    int shift = raster.getDataBuffer().getDataType() == DataBuffer.TYPE_USHORT ? 8 : 0;
    int colors = bands < 3 ? 1 : 3;
    byte[] rgb = new byte[3 * width * raster.getHeight()];
    int[] row = new int[bands * width];
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int x = 0; x < width; x++) {
        int pixel = x * bands;
        int alpha = bands == colors ? 255 : row[pixel + colors] >> shift;
        for (int c = 0; c < 3; c++) {
          rgb[at++] = over(row[pixel + (colors == 1 ? 0 : c)] >> shift, alpha);
        }
      }
    }
    return packed(rgb, raster);
  }

  private static Pixels looked(Raster raster, IndexColorModel palette) {
    int width = raster.getWidth();
    int[] argb = new int[palette.getMapSize()];
    palette.getRGBs(argb);
    byte[] rgb = new byte[3 * width * raster.getHeight()];
    int[] row = new int[width];
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getSamples(0, y, width, 1, 0, row);
      for (int x = 0; x < width; x++) {
        int color = row[x] < argb.length ? argb[row[x]] : 0;
        int alpha = color >>> 24;
        rgb[at++] = over(color >> 16 & 0xFF, alpha);
        rgb[at++] = over(color >> 8 & 0xFF, alpha);
        rgb[at++] = over(color & 0xFF, alpha);
      }
    }
    return packed(rgb, raster);
  }

  private static Pixels packed(byte[] rgb, Raster raster) {
    int width = raster.getWidth();
    Pixels.Layout layout = new Pixels.Layout(width, raster.getHeight(), 0, 3, 3 * width);
    return new Pixels(rgb, layout, Pixels.Channels.RGB);
  }

  private static byte over(int sample, int alpha) {
    return (byte) ((sample * alpha + 127) / 255);
  }

  private static boolean isJpeg(Bytes image) {
    byte[] data = image.sharedArray();
    return data.length >= 3 && prefix(data, 3) == JPEG_MAGIC;
  }

  private static boolean isPng(Bytes image) {
    byte[] data = image.sharedArray();
    return data.length >= 8 && prefix(data, 8) == PNG_MAGIC;
  }

  private static long prefix(byte[] data, int bytes) {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value = value << 8 | (data[i] & 0xFF);
    }
    return value;
  }

  private static ImageReaderSpi provider(String format) {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
    if (!readers.hasNext()) {
      throw new IllegalStateException("this Java has no reader for " + format);
    }
    ImageReader reader = readers.next();
    reader.dispose();
    return reader.getOriginatingProvider();
  }

  private static ImageRejectedException bad(String message) {
    return new ImageRejectedException(ReplyError.BAD_IMAGE, message);
  }

  private static ImageRejectedException unsupported(String message) {
    return new ImageRejectedException(ReplyError.UNSUPPORTED, message);
  }
}
