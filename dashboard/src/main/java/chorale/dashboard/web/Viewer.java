package chorale.dashboard.web;

import chorale.protocol.access.UserEntry;
import chorale.protocol.access.UserRole;
import java.util.Optional;

/**
 * The client behind a request: its session, and its rights. Immutable.
 *
 * @param token of the session; empty without users
 * @param pictures whether this viewer may see the cameras' thumbnails
 */
record Viewer(Optional<String> token, boolean pictures) {
  /** The viewer on a dashboard without users. */
  static final Viewer ANYBODY = new Viewer(Optional.empty(), true);

  static Viewer of(String token, UserEntry user) {
    boolean pictures = user.identity().role() == UserRole.OPERATOR || user.identity().frames();
    return new Viewer(Optional.of(token), pictures);
  }
}
