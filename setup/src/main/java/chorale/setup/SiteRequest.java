package chorale.setup;

import chorale.protocol.access.UserRole;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request to create or change a site. Immutable.
 *
 * @param site its name; {@code home} for a new site without one
 * @param members names by role
 * @param frames the dashboards among them that receive frames
 * @param hosts addresses of the broker for other machines; empty: unchanged
 * @param port empty: unchanged
 * @param clientCertificates whether clients get certificates; cannot be switched off again
 * @param add whether to add unknown members
 * @param remove names of members
 * @param rotate names of members, {@code broker}, {@code authority}, {@code tensors} for their key,
 *     or {@code all} members
 */
public record SiteRequest(
    Optional<String> site,
    Map<UserRole, List<String>> members,
    List<String> frames,
    List<String> hosts,
    Optional<Integer> port,
    boolean clientCertificates,
    boolean add,
    List<String> remove,
    List<String> rotate) {
  static final String BROKER = "broker";
  static final String AUTHORITY = "authority";
  static final String TENSORS = "tensors";
  static final String ALL = "all";

  public SiteRequest {
    members = Map.copyOf(members);
    frames = List.copyOf(frames);
    hosts = List.copyOf(hosts);
    remove = List.copyOf(remove);
    rotate = List.copyOf(rotate);
  }

  /** Returns a request for a new site on loopback with these members. */
  public static SiteRequest of(String site, int port, Map<UserRole, List<String>> members) {
    return new SiteRequest(
        Optional.of(site),
        members,
        List.of(),
        List.of(),
        Optional.of(port),
        false,
        false,
        List.of(),
        List.of());
  }
}
