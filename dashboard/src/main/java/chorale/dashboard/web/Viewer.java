package chorale.dashboard.web;

import chorale.protocol.access.UserEntry;
import chorale.protocol.access.UserRole;
import java.util.Optional;

/**
 * Who asks. Immutable.
 *
 * @param token of the session; empty where nobody logs in
 * @param pictures whether cameras' pictures are for this viewer
 */
record Viewer(Optional<String> token, boolean pictures) {
  /** Where there are no users. */
  static final Viewer ANYBODY = new Viewer(Optional.empty(), true);

  static Viewer of(String token, UserEntry user) {
    boolean pictures = user.identity().role() == UserRole.OPERATOR || user.identity().frames();
    return new Viewer(Optional.of(token), pictures);
  }
}
