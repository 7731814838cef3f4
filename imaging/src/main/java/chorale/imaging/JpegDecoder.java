package chorale.imaging;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;

/**
 * A decoder of checked JPEGs: Java's own JPEG reader on the normalized stream of {@link
 * JpegParser}. If the reader warns, the image is rejected as damaged.
 *
 * <p>Images below 64 x 64 pixels and large ones are converted to RGB at once. The others stay luma
 * and chroma until {@link Resize} converts the fewer pixels that remain. Thread-safe: each call
 * creates a reader.
 */
final class JpegDecoder {
  /** Smaller images are usually enlarged; converting before the resize is then less work. */
  private static final int SMALL_PIXELS = 64 * 64;

  private final ImageReaderSpi provider = provider();

  /**
   * @throws ImageRejectedException {@code DAMAGED}, or {@code BAD_IMAGE} if the reader fails
   */
  Pixels decode(JpegImage image) throws ImageRejectedException {
    LargeDecodeLock turn = LargeDecodeLock.begin(image.frame().heldBytes());
    try {
      return decodeInTurn(image);
    } finally {
      turn.close();
    }
  }

  private Pixels decodeInTurn(JpegImage image) throws ImageRejectedException {
    boolean[] warned = {false};
    ImageReader reader = null;
    try (BytesImageStream stream = new BytesImageStream(image.encoded())) {
      reader = provider.createReaderInstance();
      reader.addIIOReadWarningListener((source, warning) -> warned[0] = true);
      reader.setInput(stream, true, true);
      Pixels pixels = read(reader, image);
      if (warned[0]) {
        throw ImageRejectedException.damaged("image data is broken: the decoder reports damage");
      }
      return pixels;
    } catch (IOException | RuntimeException e) {
      // The reader's messages differ between Java versions and contain class names.
      throw ImageRejectedException.bad("a JPEG that this Java's decoder cannot read");
    } finally {
      if (reader != null) {
        reader.dispose();
      }
    }
  }

  private static Pixels read(ImageReader reader, JpegImage image) throws IOException {
    int width = image.frame().width();
    int height = image.frame().height();
    JpegColor color = image.color();
    if (color == JpegColor.CMYK || color == JpegColor.YCCK) {
      return Cmyk.toRgb(reader.readRaster(0, null), color == JpegColor.YCCK, image.inverted());
    }
    if (Canvas.isLarge(width, height)) {
      return inRows(reader, width, height, color == JpegColor.GRAY ? 1 : 3);
    }
    if (color == JpegColor.YCBCR && width * height < SMALL_PIXELS) {
      return shared(reader.read(0).getRaster(), false);
    }
    return shared(reader.readRaster(0, null), color == JpegColor.YCBCR);
  }

  /** Returns a view of the reader's array. */
  private static Pixels shared(Raster raster, boolean lumaChroma) {
    ComponentSampleModel model = (ComponentSampleModel) raster.getSampleModel();
    DataBufferByte buffer = (DataBufferByte) raster.getDataBuffer();
    int bands = raster.getNumBands();
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
    return new Pixels(buffer.getData(), layout, channels);
  }

  /** Decodes a large image row by row, without the whole image in memory. */
  private static Pixels inRows(ImageReader reader, int width, int height, int channels)
      throws IOException {
    Canvas canvas = new Canvas(width, height, channels);
    ColorModel colors =
        new ComponentColorModel(
            ColorSpace.getInstance(channels == 1 ? ColorSpace.CS_GRAY : ColorSpace.CS_sRGB),
            false,
            false,
            ColorModel.OPAQUE,
            DataBuffer.TYPE_BYTE);
    ImageReadParam target = reader.getDefaultReadParam();
    WritableRaster rows = new CanvasRaster(width, height, channels, canvas);
    target.setDestination(new BufferedImage(colors, rows, false, null));
    reader.read(0, target);
    return canvas.pixels();
  }

  private static ImageReaderSpi provider() {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("jpeg");
    if (!readers.hasNext()) {
      throw new IllegalStateException("this Java has no reader for JPEG");
    }
    ImageReader reader = readers.next();
    reader.dispose();
    return reader.getOriginatingProvider();
  }
}
