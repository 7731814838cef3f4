package chorale.site.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One direction of a connection through a {@link Link}. It owns two threads: one reads chunks, the
 * other writes them as the link's state allows. It ends when either socket closes, and then closes
 * both.
 */
final class Flow {
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final int MAX_CHUNKS = 1_000;
  private static final int PIECES_PER_SECOND = 20;

  /** Marks the end of the connection, in order after the data. */
  private static final Chunk END = new Chunk(new byte[0], 0);

  private final Link link;
  private final Socket from;
  private final Socket to;
  private final BlockingQueue<Chunk> chunks = new ArrayBlockingQueue<>(MAX_CHUNKS);

  /** A class instead of a record, because it holds an array. */
  private static final class Chunk {
    private final byte[] bytes;
    private final long dueNanos;

    private Chunk(byte[] bytes, long dueNanos) {
      this.bytes = bytes;
      this.dueNanos = dueNanos;
    }
  }

  Flow(Link link, Socket from, Socket to) {
    this.link = link;
    this.from = from;
    this.to = to;
  }

  void start() {
    start(this::read);
    start(this::write);
  }

  static void start(Runnable work) {
    Thread thread = new Thread(work, "link");
    thread.setDaemon(true);
    thread.start();
  }

  private void read() {
    try {
      try {
        InputStream in = from.getInputStream();
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          link.awaitFlow();
          long due = System.nanoTime() + link.state().delay().toNanos();
          chunks.put(new Chunk(Arrays.copyOf(buffer, read), due));
        }
      } catch (IOException e) {
        // The connection broke, here or at one of its ends.
      }
      chunks.put(END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write() {
    try {
      OutputStream out = to.getOutputStream();
      for (Chunk each = chunks.take(); each != END; each = chunks.take()) {
        TimeUnit.NANOSECONDS.sleep(each.dueNanos - System.nanoTime());
        write(each.bytes, out);
      }
      link.awaitFlow(); // a stall also delays the end of the connection
    } catch (IOException e) {
      // The connection broke, here or at one of its ends.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      link.close(from);
      link.close(to);
      chunks.clear(); // unblocks the reader
    }
  }

  private void write(byte[] bytes, OutputStream out) throws IOException, InterruptedException {
    for (int at = 0; at < bytes.length; ) {
      link.awaitFlow();
      Link.State state = link.state();
      boolean slow = state.bytesPerSecond() < Integer.MAX_VALUE;
      int most = slow ? Math.max(1, state.bytesPerSecond() / PIECES_PER_SECOND) : bytes.length;
      int length = Math.min(most, bytes.length - at);
      if (!state.lossy()) {
        out.write(bytes, at, length);
      }
      at += length;
      if (slow) {
        Thread.sleep(1_000 / PIECES_PER_SECOND);
      }
    }
  }
}
