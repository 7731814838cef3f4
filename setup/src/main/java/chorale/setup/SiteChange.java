package chorale.setup;

import chorale.protocol.Names;
import chorale.protocol.access.Identity;
import chorale.protocol.access.UserEntry;
import chorale.protocol.access.UserRole;
import chorale.setup.SecuredSite.Listener;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A change of a site: it computes the new definition from the current one and a request. Everything
 * else stays as it is. Used once.
 */
final class SiteChange {
  private static final int DEFAULT_PORT = 8883;
  private static final Set<String> RESERVED =
      Set.of(SiteRequest.BROKER, SiteRequest.AUTHORITY, SiteRequest.TENSORS, SiteRequest.ALL);

  /** Order of the roles in files and reports. */
  private static final List<UserRole> ORDER =
      List.of(
          UserRole.AGGREGATOR,
          UserRole.WORKER,
          UserRole.CAMERA,
          UserRole.DASHBOARD,
          UserRole.OPERATOR);

  private final Instant now;
  private final SecureRandom random;
  private final Secrets secrets;
  private final List<String> done = new ArrayList<>();
  private final List<SiteMember> removed = new ArrayList<>();

  SiteChange(Instant now, SecureRandom random) {
    this.now = now;
    this.random = random;
    this.secrets = new Secrets(random);
  }

  List<String> done() {
    return List.copyOf(done);
  }

  /** Returns the removed members, whose files must be deleted. */
  List<SiteMember> removed() {
    return List.copyOf(removed);
  }

  /** Creates a new site. If the request names no aggregator or operator, one is added. */
  SecuredSite made(SiteRequest request) throws SetupException {
    if (!request.remove().isEmpty() || !request.rotate().isEmpty() || request.add()) {
      throw new SetupException(
          "--add, --remove, --rotate: this folder has no site yet; create one with"
              + " 'chorale setup FOLDER --boards pi1,pi2'");
    }
    if (request.members().getOrDefault(UserRole.WORKER, List.of()).isEmpty()) {
      throw new SetupException("--boards: a new site needs at least one, such as --boards pi1,pi2");
    }
    Map<UserRole, List<String>> members = new TreeMap<>(request.members());
    members.putIfAbsent(UserRole.AGGREGATOR, List.of("aggregator"));
    members.putIfAbsent(UserRole.OPERATOR, List.of("operator"));
    String name = request.site().orElse("home");
    requireName("--site", name);
    Credential authority = SiteAuthority.create(name, now, random);
    Listener listener = new Listener(hosts(request.hosts()), request.port().orElse(DEFAULT_PORT));
    Credential broker = new SiteAuthority(authority, now, random).broker(listener.hosts());
    SecuredSite empty =
        new SecuredSite(
            name,
            listener,
            request.clientCertificates(),
            authority,
            broker,
            secrets.key(),
            List.of());
    return withCertificates(withNew(empty, members, request.frames(), true));
  }

  SecuredSite changed(SecuredSite before, SiteRequest request) throws SetupException {
    if (request.site().isPresent() && !request.site().get().equals(before.name())) {
      throw new SetupException(
          "--site: '%s'; this folder is site '%s'; use another folder for another site"
              .formatted(request.site().get(), before.name()));
    }
    SecuredSite site = without(before, request.remove());
    site = withNew(site, request.members(), request.frames(), request.add());
    site = withListener(site, request);
    site = rotated(site, request.rotate());
    return withCertificates(request.clientCertificates() ? site.withClientCertificates() : site);
  }

  private SecuredSite without(SecuredSite site, List<String> names) throws SetupException {
    List<SiteMember> left = new ArrayList<>(site.members());
    for (String name : names) {
      SiteMember gone = member(site, "--remove", name);
      left.remove(gone);
      removed.add(gone);
      done.add("removed " + SiteMember.kind(gone.role()) + ' ' + name);
    }
    SecuredSite rest = site.with(left);
    if (rest.of(UserRole.AGGREGATOR).isEmpty()) {
      throw new SetupException(
          "--remove: a site needs an aggregator; add one first with --add --aggregators NAME");
    }
    return rest;
  }

  private SecuredSite withNew(
      SecuredSite site, Map<UserRole, List<String>> wanted, List<String> frames, boolean add)
      throws SetupException {
    List<SiteMember> members = new ArrayList<>(site.members());
    for (UserRole role : ORDER) {
      for (String name : wanted.getOrDefault(role, List.of())) {
        Optional<SiteMember> known = site.with(members).find(name);
        if (known.isEmpty() && !add) {
          throw new SetupException(
              "'%s' is not a member of this site; use --add to add it".formatted(name));
        }
        if (known.isEmpty()) {
          requireNew(name, members);
          members.add(secrets.member(new Identity(name, role, site.name())));
          done.add("added " + SiteMember.kind(role) + ' ' + name);
        } else if (known.get().role() != role) {
          throw new SetupException(
              "'%s' is already %s; choose another name"
                  .formatted(name, withArticle(SiteMember.kind(known.get().role()))));
        }
      }
    }
    return withFrames(site.with(members), frames);
  }

  private static String withArticle(String noun) {
    return ("aeiou".indexOf(noun.charAt(0)) < 0 ? "a " : "an ") + noun;
  }

  /** Grants dashboards access to frames. */
  private SecuredSite withFrames(SecuredSite site, List<String> frames) throws SetupException {
    List<SiteMember> members = new ArrayList<>(site.members());
    for (String name : frames) {
      SiteMember member = member(site, "--frames", name);
      if (member.role() != UserRole.DASHBOARD) {
        List<String> dashboards =
            site.of(UserRole.DASHBOARD).stream().map(SiteMember::name).toList();
        throw new SetupException(
            "--frames: '%s' is not a dashboard; allowed: names of dashboards: %s"
                .formatted(name, dashboards.isEmpty() ? "none" : String.join(", ", dashboards)));
      }
      Identity identity = new Identity(name, UserRole.DASHBOARD, site.name(), true);
      UserEntry entry = new UserEntry(identity, member.entry().password());
      members.set(
          members.indexOf(member),
          new SiteMember(entry, member.password(), member.replyKey(), member.client()));
      if (!member.entry().equals(entry)) {
        done.add("dashboard " + name + " receives frames");
      }
    }
    return site.with(members);
  }

  private SecuredSite withListener(SecuredSite site, SiteRequest request) throws SetupException {
    Listener before = site.listener();
    Listener listener =
        new Listener(
            request.hosts().isEmpty() ? before.hosts() : hosts(request.hosts()),
            request.port().orElse(before.port()));
    if (listener.equals(before)) {
      return site;
    }
    done.add("new broker address " + listener.url() + ": copy the files to every member again");
    Credential broker =
        listener.hosts().equals(before.hosts())
            ? site.broker()
            : new SiteAuthority(site.authority(), now, random).broker(listener.hosts());
    return site.with(listener, broker);
  }

  private SecuredSite rotated(SecuredSite site, List<String> names) throws SetupException {
    SecuredSite rotated = site;
    for (String name : names) {
      rotated =
          switch (name) {
            case SiteRequest.BROKER -> {
              done.add("new certificate for the broker: restart it");
              yield withBroker(rotated, rotated.authority());
            }
            case SiteRequest.AUTHORITY -> {
              done.add(
                  "new authority: restart the broker and copy the files to every member again");
              SecuredSite other =
                  withBroker(rotated, SiteAuthority.create(site.name(), now, random));
              yield other.with(other.members().stream().map(SiteChange::withoutClient).toList());
            }
            case SiteRequest.TENSORS -> {
              done.add(
                  "new key for tensors: with strategy model, copy the files to every board again");
              yield rotated.withTensorKey(secrets.key());
            }
            case SiteRequest.ALL -> {
              SecuredSite all = rotated;
              for (SiteMember each : rotated.members()) {
                all = withFresh(all, each);
              }
              yield all;
            }
            default -> withFresh(rotated, member(rotated, "--rotate", name));
          };
    }
    return rotated;
  }

  private SecuredSite withBroker(SecuredSite site, Credential authority) {
    SiteAuthority issuer = new SiteAuthority(authority, now, random);
    return site.with(authority, issuer.broker(site.listener().hosts()));
  }

  private SecuredSite withFresh(SecuredSite site, SiteMember member) {
    List<SiteMember> members = new ArrayList<>(site.members());
    members.set(members.indexOf(member), secrets.member(member.entry().identity()));
    done.add(
        "new secrets for %s %s: copy its files to it again"
            .formatted(SiteMember.kind(member.role()), member.name()));
    return site.with(members);
  }

  private static SiteMember withoutClient(SiteMember member) {
    return new SiteMember(member.entry(), member.password(), member.replyKey(), Optional.empty());
  }

  /** Issues missing client certificates. */
  private SecuredSite withCertificates(SecuredSite site) {
    if (!site.clientCertificates()) {
      return site;
    }
    SiteAuthority authority = new SiteAuthority(site.authority(), now, random);
    return site.with(
        site.members().stream()
            .map(
                each ->
                    each.client().isPresent()
                        ? each
                        : each.withClient(authority.client(each.name())))
            .toList());
  }

  private static SiteMember member(SecuredSite site, String option, String name)
      throws SetupException {
    return site.find(name)
        .orElseThrow(
            () ->
                new SetupException(
                    "%s: '%s' is not a member of this site; members: %s"
                        .formatted(
                            option,
                            name,
                            String.join(
                                ", ", site.members().stream().map(SiteMember::name).toList()))));
  }

  private static void requireNew(String name, List<SiteMember> members) throws SetupException {
    requireName("member", name);
    if (RESERVED.contains(name)) {
      throw new SetupException("member: '" + name + "' is reserved; choose another name");
    }
    for (SiteMember each : members) {
      if (each.name().toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT))) {
        throw new SetupException(
            "member: '%s' and '%s' differ only in case; choose another name"
                .formatted(name, each.name()));
      }
    }
  }

  /** Checks a name that is also used as a file name. */
  private static void requireName(String what, String name) throws SetupException {
    if (!Names.isValid(name) || name.startsWith(".") || name.startsWith("-")) {
      throw new SetupException(
          "%s: '%s'; allowed: %s, not starting with . or -".formatted(what, name, Names.ALLOWED));
    }
  }

  private static List<String> hosts(List<String> wanted) throws SetupException {
    for (String host : wanted) {
      if (!SiteAuthority.isHost(host)) {
        throw new SetupException(
            "--host: '%s'; allowed: a host name or an address, such as hub.local or 192.168.1.10"
                .formatted(host));
      }
    }
    return wanted;
  }
}
