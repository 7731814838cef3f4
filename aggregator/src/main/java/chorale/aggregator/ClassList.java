package chorale.aggregator;

import chorale.protocol.Calibration;
import java.util.List;

/**
 * The classes that a digest stands for, and how answers over them are calibrated. Immutable.
 *
 * @param digest {@link chorale.protocol.Digests#prefix} of the names'
 */
record ClassList(long digest, List<String> names, Calibration calibration) {
  ClassList {
    names = List.copyOf(names);
  }
}
