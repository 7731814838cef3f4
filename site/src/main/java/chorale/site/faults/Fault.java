package chorale.site.faults;

import chorale.protocol.Labels;
import java.time.Duration;

/**
 * One fault as it is planned. Immutable.
 *
 * @param ofShadow the victim is not the owner of the camera whose frame it is timed by, but the
 *     next in turn
 * @param stalls a cut holds bytes back and closes nothing
 * @param eager it does not wait until the whole group is ready, only until another member is
 * @param lasts until the victim goes on, or is started again
 * @param afterFrame from a frame that the victim has to answer to the fault
 */
record Fault(
    FaultKind kind,
    boolean ofShadow,
    boolean stalls,
    boolean eager,
    Duration lasts,
    Duration afterFrame) {

  /** For people. */
  String label() {
    return kind == FaultKind.CUT && stalls ? "stall" : Labels.of(kind);
  }
}
