package chorale.setup;

import chorale.protocol.access.UserRole;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What somebody wants of a site. Immutable.
 *
 * @param site its name; {@code home} where a new one has none
 * @param members names by role
 * @param frames the dashboards among them that hear frames
 * @param hosts by which other machines reach the broker; empty: as it is
 * @param port empty: as it is
 * @param clientCertificates whether clients shall have certificates; once on, it stays
 * @param add whether members that a site does not have are added to it
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

  /** A new site on loopback with these members. */
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
