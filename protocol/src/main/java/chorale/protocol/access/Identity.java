package chorale.protocol.access;

import chorale.protocol.Labels;
import chorale.protocol.Names;

/**
 * A user of the broker. The name is also the name of its worker, aggregator or camera. Immutable.
 *
 * @param site the only site that the user may access
 * @param frames whether a dashboard may subscribe to camera frames; for the other roles, the role
 *     decides
 */
public record Identity(String name, UserRole role, String site, boolean frames) {
  public Identity {
    Names.require("user", name);
    Names.require("site", site);
    if (frames && role != UserRole.DASHBOARD) {
      throw new IllegalArgumentException(
          "user: '" + name + "' is of role " + Labels.of(role) + "; frames are for dashboards");
    }
  }

  public Identity(String name, UserRole role, String site) {
    this(name, role, site, false);
  }
}
