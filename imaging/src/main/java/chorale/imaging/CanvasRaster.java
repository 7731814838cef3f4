package chorale.imaging;

import java.awt.Point;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;

/**
 * A raster that stores nothing and forwards each row to a {@link Canvas}. As the destination of
 * Java's JPEG reader it avoids a full copy of a large image in memory.
 */
final class CanvasRaster extends WritableRaster {
  private final Canvas canvas;

  CanvasRaster(int width, int height, int channels, Canvas canvas) {
    super(
        new PixelInterleavedSampleModel(
            DataBuffer.TYPE_BYTE, width, height, channels, channels * width, offsets(channels)),
        new DataBufferByte(channels * width),
        new Point());
    this.canvas = canvas;
  }

  private static int[] offsets(int channels) {
    int[] offsets = new int[channels];
    for (int i = 0; i < channels; i++) {
      offsets[i] = i;
    }
    return offsets;
  }

  /** Java's JPEG reader calls this for each row, with interleaved 8-bit samples. */
  @Override
  public void setRect(int x, int y, Raster source) {
    ComponentSampleModel model = (ComponentSampleModel) source.getSampleModel();
    DataBufferByte buffer = (DataBufferByte) source.getDataBuffer();
    for (int row = 0; row < source.getHeight(); row++) {
      int from = buffer.getOffset() + row * model.getScanlineStride();
      canvas.put(y + row, buffer.getData(), from);
    }
  }

  /** Older readers write to a child that covers the whole raster. */
  @Override
  public WritableRaster createWritableChild(
      int parentX, int parentY, int w, int h, int childMinX, int childMinY, int[] bandList) {
    return this;
  }
}
