package chorale.bench;

import chorale.evaluation.measurement.MeasurementException;
import java.io.IOException;

/** A way for one message from one client to another, time and again; used by one thread. */
interface Wire extends AutoCloseable {
  /** Sends the message, and waits until the other side has it in hand. */
  void cross() throws MeasurementException, InterruptedException;

  @Override
  void close() throws IOException;
}
