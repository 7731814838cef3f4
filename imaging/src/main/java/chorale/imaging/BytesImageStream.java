package chorale.imaging;

import chorale.protocol.Bytes;
import javax.imageio.stream.ImageInputStreamImpl;

/** An ImageIO input stream over bytes in memory, without cache file or copy. One owning thread. */
final class BytesImageStream extends ImageInputStreamImpl {
  private final byte[] data;

  BytesImageStream(Bytes bytes) {
    this.data = bytes.sharedArray();
  }

  @Override
  public int read() {
    bitOffset = 0;
    return streamPos < data.length ? data[(int) streamPos++] & 0xFF : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    bitOffset = 0;
    if (length == 0) {
      return 0;
    }
    if (streamPos >= data.length) {
      return -1;
    }
    int count = (int) Math.min(length, data.length - streamPos);
    System.arraycopy(data, (int) streamPos, target, offset, count);
    streamPos += count;
    return count;
  }

  @Override
  public long length() {
    return data.length;
  }
}
