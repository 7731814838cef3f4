package chorale.setup;

import chorale.protocol.Limits;
import chorale.protocol.access.Rights;
import chorale.protocol.access.RightsTable;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The Mosquitto 2 configuration of a site, with the same access rights as the embedded broker. It
 * uses an ACL file, not the dynamic-security plugin: Mosquitto reloads the file on SIGHUP and
 * disconnects removed users. Stateless.
 */
final class MosquittoFiles {
  private MosquittoFiles() {}

  /**
   * @param folder of the site; absolute paths, because Mosquitto resolves paths from its working
   *     directory
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
        # The client id is always the user name, so that clients cannot take over other users' connections.
        # Each user has one connection at a time.
        use_username_as_clientid true

        # Send small messages at once (TCP_NODELAY); otherwise each QoS 1 hop can take 40 ms longer.
        set_tcp_nodelay true
        # Images are up to 4 MiB; larger ones get a result with an error.
        max_packet_size %d
        max_inflight_messages 100
        max_queued_messages 1000
        persistence false

        # If started as root, Mosquitto switches to the owner of these files.
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

  /** Returns the ACL; topics without a line are denied. */
  static String acl(SecuredSite site) {
    StringBuilder lines = new StringBuilder("# " + SiteFiles.GENERATED + '\n');
    for (SiteMember member : site.members()) {
      lines.append("\nuser ").append(member.name()).append('\n');
      Rights rights = RightsTable.of(member.entry().identity());
      Set<String> filters = new LinkedHashSet<>(rights.publish());
      filters.addAll(rights.subscribe());
      for (String filter : filters) {
        String access =
            !rights.subscribe().contains(filter)
                ? "write"
                : rights.publish().contains(filter) ? "readwrite" : "read";
        lines.append("topic ").append(access).append(' ').append(filter).append('\n');
      }
    }
    return lines.toString();
  }
}
