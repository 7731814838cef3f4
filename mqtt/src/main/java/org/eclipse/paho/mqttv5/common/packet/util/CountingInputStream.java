package org.eclipse.paho.mqttv5.common.packet.util;

import java.io.IOException;
import java.io.InputStream;

/**
 * A stream that counts what is read through it, standing in for the class of the same name in Paho
 * 1.2.5, whose {@code read(byte[], int, int)} is inherited and so reads byte by byte: 36
 * microseconds a kilobyte, twice per message. Written from the interface that Paho's callers use.
 * It must come before Paho's jar on the class path; {@code chorale.mqtt} checks that at start-up.
 * Not thread-safe, as Paho uses it: one message, one stream, one thread.
 */
public class CountingInputStream extends InputStream {
  private final InputStream source;
  private int count;

  public CountingInputStream(InputStream source) {
    this.source = source;
  }

  @Override
  public int read() throws IOException {
    int value = source.read();
    if (value >= 0) {
      count++;
    }
    return value;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int read = source.read(into, offset, length);
    if (read > 0) {
      count += read;
    }
    return read;
  }

  /** Bytes read since the start or the last reset. */
  public int getCounter() {
    return count;
  }

  public void resetCounter() {
    count = 0;
  }
}
