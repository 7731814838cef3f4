package chorale.mqtt;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/**
 * A socket with a buffer in each direction. Paho reads the head of every packet byte by byte and
 * writes in pieces of 8 KB, and without buffers each of these is a call into the system, each piece
 * a segment that wakes the other side. Paho flushes after every packet. One thread reads and one
 * writes.
 */
final class BufferedSocket extends Socket {
  private static final int BUFFER_BYTES = 64 * 1024;

  // Made at the first use: only a connected socket has streams. Guarded by this.
  private InputStream in;
  private OutputStream out;

  @Override
  public synchronized InputStream getInputStream() throws IOException {
    if (in == null) {
      in = new BufferedInputStream(super.getInputStream(), BUFFER_BYTES);
    }
    return in;
  }

  @Override
  public synchronized OutputStream getOutputStream() throws IOException {
    if (out == null) {
      out = new BufferedOutputStream(super.getOutputStream(), BUFFER_BYTES);
    }
    return out;
  }
}
