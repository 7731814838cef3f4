package chorale.setup;

import chorale.protocol.Labels;
import chorale.protocol.access.UserEntry;
import chorale.protocol.access.UserRole;
import java.util.Optional;

/**
 * A member of a site (worker, aggregator, camera, dashboard or operator) with its secrets. {@link
 * #toString} hides them. Immutable.
 *
 * @param replyKey of a worker: 32 bytes in base64
 * @param client its client certificate, if the site uses them
 */
record SiteMember(
    UserEntry entry, String password, Optional<String> replyKey, Optional<Credential> client) {
  String name() {
    return entry.identity().name();
  }

  UserRole role() {
    return entry.identity().role();
  }

  /** Returns the name of a role for messages; a worker is called a board. */
  static String kind(UserRole role) {
    return role == UserRole.WORKER ? "board" : Labels.of(role);
  }

  SiteMember withClient(Credential certificate) {
    return new SiteMember(entry, password, replyKey, Optional.of(certificate));
  }

  /**
   * Returns the path of its files in the site's folder: a folder, or the prefix of a login sheet.
   */
  String place() {
    return switch (role()) {
      case WORKER -> "boards/" + name();
      case AGGREGATOR -> "aggregators/" + name();
      case OPERATOR -> "operators/" + name();
      case CAMERA -> "cameras/" + name();
      case DASHBOARD -> "dashboards/" + name();
    };
  }

  /** Returns whether it has a folder, for a machine with Chorale. */
  boolean hasFolder() {
    return role() != UserRole.CAMERA;
  }

  /** Returns whether it has a login sheet, for cameras and dashboards of other makers. */
  boolean hasSheet() {
    return role() == UserRole.CAMERA || role() == UserRole.DASHBOARD;
  }

  @Override
  public String toString() {
    return kind(role()) + ' ' + name();
  }
}
