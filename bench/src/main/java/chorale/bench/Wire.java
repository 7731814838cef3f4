package chorale.bench;

import chorale.evaluation.measurement.MeasurementException;
import java.io.IOException;

/** A path of a message from one client to another, for repeated use. Used by one thread. */
interface Wire extends AutoCloseable {
  /** Sends the message, and waits until the receiver has it. */
  void cross() throws MeasurementException, InterruptedException;

  @Override
  void close() throws IOException;
}
