package chorale.mqtt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.eclipse.paho.mqttv5.common.packet.util.CountingInputStream;
import org.junit.jupiter.api.Test;

class ReceivePathTest {
  /** Like Paho's own: reads byte by byte. */
  private static final class ByteByByte extends InputStream {
    @Override
    public int read() {
      return -1;
    }
  }

  /** Counts how often it is asked. */
  private static final class Source extends ByteArrayInputStream {
    private int blocks;

    private Source(byte[] bytes) {
      super(bytes);
    }

    @Override
    public synchronized int read(byte[] into, int offset, int length) {
      blocks++;
      return super.read(into, offset, length);
    }

    @Override
    public synchronized int read() {
      throw new AssertionError("read byte by byte");
    }
  }

  @Test
  void check_classPathInOrder_passes() {
    assertDoesNotThrow(() -> ReceivePath.check());
  }

  @Test
  void check_pahosOwnClass_namesTheRemedy() {
    String message =
        assertThrows(IllegalStateException.class, () -> ReceivePath.check(ByteByByte.class))
            .getMessage();
    assertTrue(message.contains("put chorale-protocol before"), message);
  }

  @Test
  void read_block_takesOneCallAndIsCounted() throws IOException {
    Source source = new Source(new byte[] {1, 2, 3, 4});
    CountingInputStream counting = new CountingInputStream(source);
    byte[] into = new byte[8];
    assertEquals(4, counting.read(into, 2, 6));
    assertArrayEquals(new byte[] {0, 0, 1, 2, 3, 4, 0, 0}, into);
    assertEquals(1, source.blocks);
    assertEquals(4, counting.getCounter());
    assertEquals(-1, counting.read(into, 0, 8));
    assertEquals(4, counting.getCounter());
    counting.resetCounter();
    assertEquals(0, counting.getCounter());
  }

  @Test
  void read_singleBytes_areCountedUpToTheEnd() throws IOException {
    CountingInputStream counting =
        new CountingInputStream(new ByteArrayInputStream(new byte[] {9}));
    assertEquals(9, counting.read());
    assertEquals(-1, counting.read());
    assertEquals(1, counting.getCounter());
  }
}
