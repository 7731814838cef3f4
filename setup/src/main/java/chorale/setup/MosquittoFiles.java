package chorale.setup;

import chorale.protocol.Limits;
import chorale.protocol.access.Rights;
import chorale.protocol.access.RightsTable;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Mosquitto 2's configuration for a site, with the rights that the embedded broker gives. An ACL
 * file and not the dynamic-security plugin: Mosquitto reads it again on SIGHUP and disconnects who
 * was removed.
 */
final class MosquittoFiles {
  private MosquittoFiles() {}

  /**
   * @param folder of the site: Mosquitto takes paths from its own working directory
   */
  static String configuration(SecuredSite site, Path folder) {
    String clients =
        site.clientCertificates()
            ? "cafile %s\nrequire_certificate true\n".formatted(folder.resolve("ca.pem"))
            : "";
    return """
        # %s
        #   mosquitto -c %s

        listener %d%s
        certfile %s
        keyfile %s
        %s
        allow_anonymous false
        password_file %s
        acl_file %s
        # The client id is the user's name, whatever a client says: nobody takes another's connection over.
        # Each user has one connection at a time.
        use_username_as_clientid true

        # Without this, small messages wait for the kernel to fill a packet: 40 ms a hop at QoS 1.
        set_tcp_nodelay true
        # Images are up to 4 MiB; larger ones get an answer that says so.
        max_packet_size %d
        max_inflight_messages 100
        max_queued_messages 1000
        persistence false

        # Started as root, Mosquitto becomes the owner of these files.
        user %s
        """
        .formatted(
            SiteFiles.GENERATED,
            folder.resolve("mosquitto/mosquitto.conf"),
            site.listener().port(),
            site.listener().hosts().isEmpty() ? ' ' + site.listener().bind() : "",
            folder.resolve("broker.pem"),
            folder.resolve("broker.key"),
            clients,
            folder.resolve("mosquitto/passwords"),
            folder.resolve("mosquitto/acl"),
            Limits.MAX_PACKET_BYTES,
            System.getProperty("user.name"));
  }

  static String passwords(SecuredSite site) {
    StringBuilder lines = new StringBuilder();
    for (SiteMember member : site.members()) {
      lines.append(member.name() + ':' + member.entry().password().text() + '\n');
    }
    return lines.toString();
  }

  /** Without a line for it, a topic is denied. */
  static String acl(SecuredSite site) {
    StringBuilder lines = new StringBuilder("# " + SiteFiles.GENERATED + '\n');
    for (SiteMember member : site.members()) {
      lines.append("\nuser ").append(member.name()).append('\n');
      Rights rights = RightsTable.of(member.entry().identity());
      Set<String> filters = new LinkedHashSet<>(rights.publish());
      filters.addAll(rights.hear());
      for (String filter : filters) {
        String access =
            !rights.hear().contains(filter)
                ? "write"
                : rights.publish().contains(filter) ? "readwrite" : "read";
        lines.append("topic ").append(access).append(' ').append(filter).append('\n');
      }
    }
    return lines.toString();
  }
}
