package chorale.setup;

import chorale.protocol.access.UserRole;
import java.util.List;
import java.util.Optional;

/**
 * The complete definition of a secured site. Immutable.
 *
 * @param clientCertificates whether the broker requires client certificates
 * @param tensorKey shared by all boards: 32 bytes in base64
 */
record SecuredSite(
    String name,
    Listener listener,
    boolean clientCertificates,
    Credential authority,
    Credential broker,
    String tensorKey,
    List<SiteMember> members) {
  private static final String LOOPBACK = "127.0.0.1";

  SecuredSite {
    members = List.copyOf(members);
  }

  /**
   * The listener of the broker.
   *
   * @param hosts names and addresses for other machines; if empty, it listens on loopback only
   */
  record Listener(List<String> hosts, int port) {
    Listener {
      hosts = List.copyOf(hosts);
    }

    String bind() {
      return hosts.isEmpty() ? LOOPBACK : "0.0.0.0";
    }

    /** Returns the address for other machines, or loopback without hosts. */
    String url() {
      return url(hosts.isEmpty() ? LOOPBACK : hosts.get(0));
    }

    /** Returns the address for the broker's own machine. */
    String localUrl() {
      return url(LOOPBACK);
    }

    private String url(String host) {
      return "mqtts://" + (host.indexOf(':') >= 0 ? '[' + host + ']' : host) + ':' + port;
    }
  }

  Optional<SiteMember> find(String member) {
    return members.stream().filter(each -> each.name().equals(member)).findFirst();
  }

  List<SiteMember> of(UserRole role) {
    return members.stream().filter(each -> each.role() == role).toList();
  }

  SecuredSite with(List<SiteMember> others) {
    return new SecuredSite(
        name, listener, clientCertificates, authority, broker, tensorKey, others);
  }

  SecuredSite with(Listener other, Credential brokerThere) {
    return new SecuredSite(
        name, other, clientCertificates, authority, brokerThere, tensorKey, members);
  }

  SecuredSite with(Credential otherAuthority, Credential otherBroker) {
    return new SecuredSite(
        name, listener, clientCertificates, otherAuthority, otherBroker, tensorKey, members);
  }

  SecuredSite withTensorKey(String other) {
    return new SecuredSite(name, listener, clientCertificates, authority, broker, other, members);
  }

  SecuredSite withClientCertificates() {
    return new SecuredSite(name, listener, true, authority, broker, tensorKey, members);
  }

  /** Returns text without secrets. */
  @Override
  public String toString() {
    return "site " + name + ' ' + members;
  }
}
