package chorale.setup;

import chorale.protocol.Labels;
import chorale.protocol.access.UserEntry;
import chorale.protocol.access.UserRole;
import java.util.Optional;

/**
 * A worker, aggregator, camera, dashboard or operator with all that is secret about it. {@link
 * #toString} shows none of that. Immutable.
 *
 * @param replyKey of a worker: 32 bytes in base64
 * @param client its certificate, where clients have one
 */
record SiteMember(
    UserEntry entry, String password, Optional<String> replyKey, Optional<Credential> client) {
  String name() {
    return entry.identity().name();
  }

  UserRole role() {
    return entry.identity().role();
  }

  /** For people: a worker is a board here. */
  static String kind(UserRole role) {
    return role == UserRole.WORKER ? "board" : Labels.of(role);
  }

  SiteMember withClient(Credential certificate) {
    return new SiteMember(entry, password, replyKey, Optional.of(certificate));
  }

  /** Where its files lie in the site's folder: a folder, or the beginning of a sheet's name. */
  String place() {
    return switch (role()) {
      case WORKER -> "boards/" + name();
      case AGGREGATOR -> "aggregators/" + name();
      case OPERATOR -> "operators/" + name();
      case CAMERA -> "cameras/" + name();
      case DASHBOARD -> "dashboards/" + name();
    };
  }

  /** Whether it has a folder, for a machine that runs Chorale. */
  boolean hasFolder() {
    return role() != UserRole.CAMERA;
  }

  /** Whether it has a sheet, to be typed into another maker's camera or dashboard. */
  boolean hasSheet() {
    return role() == UserRole.CAMERA || role() == UserRole.DASHBOARD;
  }

  @Override
  public String toString() {
    return kind(role()) + ' ' + name();
  }
}
