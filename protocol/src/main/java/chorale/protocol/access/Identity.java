package chorale.protocol.access;

import chorale.protocol.Labels;
import chorale.protocol.Names;

/**
 * Who a user of the broker is. Its name is the name of its worker, aggregator or camera. Immutable.
 *
 * @param site the one site that it belongs to
 * @param frames whether a dashboard hears the cameras' frames; others hear what their role needs
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
