package chorale.imaging;

import chorale.protocol.Bytes;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;

/** Encoded images for tests, valid and invalid. */
public final class TestPictures {
  private TestPictures() {}

  public static BufferedImage plain(int width, int height, Color color) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, color.getRGB());
      }
    }
    return image;
  }

  /** An image with gradients, edges and colors, so that every part of it takes bytes. */
  public static BufferedImage scene(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int red = 255 * x / width;
        int green = 255 * y / height;
        int blue = (x / 7 + y / 5) % 2 == 0 ? 200 : (x * y) % 256;
        image.setRGB(x, y, red << 16 | green << 8 | blue);
      }
    }
    return image;
  }

  /** A JPEG of several scans. */
  static Bytes progressive(BufferedImage image) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam parameters = writer.getDefaultWriteParam();
    parameters.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (var stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.write(null, new IIOImage(image, null, null), parameters);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } finally {
      writer.dispose();
    }
    return finished(out);
  }

  /** Returns the index of the first scan's data. */
  static int scanStart(Bytes jpeg) {
    byte[] data = jpeg.sharedArray();
    int at = 2;
    while (data[at + 1] != (byte) 0xDA) {
      at += 2 + Marker.u16(data, at + 2);
    }
    return at + 2 + Marker.u16(data, at + 2);
  }

  /** Returns the same JPEG without the header segments of this marker. */
  static Bytes without(Bytes jpeg, int marker) {
    byte[] data = jpeg.sharedArray();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(data, 0, 2);
    int end = scanStart(jpeg);
    for (int at = 2; at < end; ) {
      int length = 2 + Marker.u16(data, at + 2);
      if ((data[at + 1] & 0xFF) != marker) {
        out.write(data, at, length);
      }
      at += length;
    }
    out.write(data, end, data.length - end);
    return finished(out);
  }

  public static Bytes jpeg(Color color) {
    return encoded("jpeg", plain(40, 30, color));
  }

  public static Bytes encoded(String format, BufferedImage image) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      if (!ImageIO.write(image, format, ImageIO.createImageOutputStream(out))) {
        throw new IllegalArgumentException("no writer for this image as " + format);
      }
      return finished(out);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Encodes a JPEG with as many bands as the raster has, for example four. */
  public static Bytes jpegOf(WritableRaster raster) throws IOException {
    Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName("jpeg");
    ImageWriter writer = writers.next();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (var stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.write(new IIOImage(raster, null, null));
    } finally {
      writer.dispose();
    }
    return finished(out);
  }

  private static Bytes finished(ByteArrayOutputStream out) {
    if (out.size() == 0) {
      throw new IllegalStateException("nothing was written");
    }
    return Bytes.wrap(out.toByteArray());
  }

  /** Returns the same JPEG with an APP1 segment directly after SOI. */
  public static Bytes withApp1(Bytes jpeg, byte[] content) {
    return withSegment(jpeg, 0xE1, content);
  }

  /** Returns the same JPEG with an additional segment directly after SOI. */
  public static Bytes withSegment(Bytes jpeg, int marker, byte[] content) {
    ByteBuffer out = ByteBuffer.allocate(jpeg.size() + content.length + 4);
    out.put(jpeg.sharedArray(), 0, 2);
    out.putShort((short) (0xFF00 | marker)).putShort((short) (content.length + 2)).put(content);
    out.put(jpeg.sharedArray(), 2, jpeg.size() - 2);
    return Bytes.wrap(out.array());
  }

  /** Returns a baseline JPEG of three components with other component ids in both headers. */
  public static Bytes numbered(Bytes jpeg, int... numbers) {
    byte[] bytes = jpeg.toArray();
    int at = 2;
    while (bytes[at + 1] != (byte) 0xDA) {
      if (bytes[at + 1] == (byte) 0xC0) {
        for (int i = 0; i < 3; i++) {
          bytes[at + 10 + 3 * i] = (byte) numbers[i];
        }
      }
      at += 2 + (((bytes[at + 2] & 0xFF) << 8) | (bytes[at + 3] & 0xFF));
    }
    for (int i = 0; i < 3; i++) {
      bytes[at + 5 + 2 * i] = (byte) numbers[i];
    }
    return Bytes.wrap(bytes);
  }

  /** Returns a row as red, green and blue planes. */
  static float[] row(Pixels pixels, int y) {
    int width = pixels.width();
    float[][] channels = new float[3][width];
    pixels.splitRow(y, channels[0], channels[1], channels[2]);
    float[] row = new float[3 * width];
    for (int x = 0; x < width; x++) {
      float luma = channels[0][x];
      float blue = channels[1][x] - 128;
      float red = channels[2][x] - 128;
      boolean lumaChroma = pixels.isLumaChroma();
      row[x] = lumaChroma ? luma + 1.402f * red : luma;
      row[width + x] = lumaChroma ? luma - 0.3441f * blue - 0.7141f * red : channels[1][x];
      row[2 * width + x] = lumaChroma ? luma + 1.772f * blue : channels[2][x];
    }
    return row;
  }

  /** Exif data with only the orientation. */
  public static byte[] exif(int orientation, boolean little) {
    ByteBuffer out = ByteBuffer.allocate(6 + 8 + 2 + 12 + 4);
    out.put(new byte[] {'E', 'x', 'i', 'f', 0, 0});
    out.order(little ? java.nio.ByteOrder.LITTLE_ENDIAN : java.nio.ByteOrder.BIG_ENDIAN);
    out.put((byte) (little ? 'I' : 'M')).put((byte) (little ? 'I' : 'M'));
    out.putShort((short) 42).putInt(8).putShort((short) 1);
    out.putShort((short) 0x0112).putShort((short) 3).putInt(1);
    out.putShort((short) orientation).putShort((short) 0).putInt(0);
    return out.array();
  }

  /** The same with the orientation as a BYTE or a LONG, which some writers use. */
  static byte[] exifOf(int bytes, int orientation) {
    byte[] exif = exif(0, false);
    int value = bytes == 1 ? orientation << 24 : orientation;
    ByteBuffer.wrap(exif).putShort(6 + 8 + 2 + 2, (short) bytes).putInt(6 + 8 + 2 + 8, value);
    return exif;
  }

  /** Returns the same JPEG with another size in its frame header. */
  public static Bytes jpegClaiming(Bytes jpeg, int width, int height) {
    byte[] data = jpeg.toArray();
    for (int i = 2; i < data.length; ) {
      int marker = data[i + 1] & 0xFF;
      if (marker == 0xC0) {
        ByteBuffer.wrap(data).putShort(i + 5, (short) height).putShort(i + 7, (short) width);
        return Bytes.wrap(data);
      }
      i += 2 + ((data[i + 2] & 0xFF) << 8 | (data[i + 3] & 0xFF));
    }
    throw new IllegalArgumentException("no baseline frame header");
  }

  /** Returns the same PNG with another size in its header. */
  public static Bytes pngClaiming(Bytes png, int width, int height) {
    byte[] data = png.toArray();
    ByteBuffer buffer = ByteBuffer.wrap(data).putInt(16, width).putInt(20, height);
    CRC32 crc = new CRC32();
    crc.update(data, 12, 17);
    buffer.putInt(29, (int) crc.getValue());
    return Bytes.wrap(data);
  }
}
