package chorale.setup;

import chorale.protocol.access.UserRole;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The files of a site's folder, as text by relative path. Pure functions of the site. */
final class SiteFiles {
  static final String GENERATED = "Made by 'chorale setup', which overwrites it: do not edit.";

  private static final String OWN =
      "Edit this file freely: 'chorale setup' creates it once and never changes it.";
  private static final List<String> VARIANTS = List.of("V1", "V2", "V3", "V4", "V5");

  private SiteFiles() {}

  /** Returns the files that depend on the site alone; each setup rewrites them. */
  static SortedMap<String, String> generated(SecuredSite site, Path folder) {
    SortedMap<String, String> files = new TreeMap<>();
    files.put("README.md", SitePage.text(site, folder));
    files.put("ca.pem", site.authority().certificate());
    files.put("broker.pem", site.broker().certificate());
    files.put("broker.key", site.broker().key());
    files.put("broker.conf", broker(site));
    site.of(UserRole.OPERATOR).stream()
        .findFirst()
        .ifPresent(each -> files.put("page.conf", page(site, each)));
    files.put("users", users(site));
    files.put("mosquitto/mosquitto.conf", MosquittoFiles.configuration(site, folder));
    files.put("mosquitto/passwords", MosquittoFiles.passwords(site));
    files.put("mosquitto/acl", MosquittoFiles.acl(site));
    site.members().forEach(each -> files.putAll(member(site, each)));
    return files;
  }

  /** Returns the files that are created once, for users to edit. */
  static SortedMap<String, String> own(SecuredSite site) {
    SortedMap<String, String> files = new TreeMap<>();
    files.put("host.conf", host());
    if (!site.of(UserRole.OPERATOR).isEmpty()) {
      files.put("dashboard.conf", dashboard());
    }
    List<SiteMember> workers = site.of(UserRole.WORKER);
    for (int i = 0; i < workers.size(); i++) {
      String variant = VARIANTS.get(i % VARIANTS.size());
      files.put(workers.get(i).place() + "/worker.conf", worker(variant));
    }
    for (SiteMember each : site.of(UserRole.AGGREGATOR)) {
      files.put(each.place() + "/aggregator.conf", included("chorale aggregator"));
    }
    for (SiteMember each : site.of(UserRole.OPERATOR)) {
      files.put(each.place() + "/operator.conf", included("chorale watch"));
    }
    for (SiteMember each : site.of(UserRole.DASHBOARD)) {
      files.put(each.place() + "/dashboard.conf", included("chorale dashboard"));
    }
    return files;
  }

  private static String host() {
    return """
        # The broker and an aggregator on this machine:
        #   chorale broker --config host.conf
        #   chorale aggregator --config host.conf
        # %s
        # 'chorale config' shows every key.

        include required("broker.conf")

        chorale {
          broker {
            # For dashboards in a browser: wss://HOST:8884/mqtt.
            # web-socket-port = 8884
          }
          aggregator {
            # The deadline of a frame, unless its camera sets one.
            # deadline = 1s
          }
        }
        """
        .formatted(OWN);
  }

  private static String dashboard() {
    return """
        # The dashboard on this machine, https://127.0.0.1:8080/; log in as an operator or dashboard:
        #   chorale dashboard --config dashboard.conf
        # %s
        # 'chorale config' shows every key.

        include required("page.conf")

        chorale {
          dashboard {
            # For browsers on other machines, and the host names that they use:
            # bind = "0.0.0.0"
            # hosts = ["hub.local"]
          }
        }
        """
        .formatted(OWN);
  }

  private static String worker(String variant) {
    return """
        # This board's worker:
        #   bin/chorale worker --config worker.conf
        # %s

        include required("identity.conf")

        chorale {
          worker {
            # V1 is the fastest, V5 the largest; 'chorale plan' assigns variants to boards.
            variant = %s
          }
        }
        """
        .formatted(OWN, variant);
  }

  private static String included(String command) {
    return "#   %s --config FILE\n# %s\n\ninclude required(\"identity.conf\")\n"
        .formatted(command, OWN);
  }

  private static String broker(SecuredSite site) {
    SiteMember aggregator = site.of(UserRole.AGGREGATOR).get(0);
    String clients = site.clientCertificates() ? "\n      client-ca = \"ca.pem\"" : "";
    return """
        # %s

        include required("%s/aggregator.conf")

        chorale {
          broker {
            bind = "%s"
            port = %d
            users-file = "users"
            tls {
              certificate = "broker.pem"
              key = "broker.key"%s
            }
          }
          connection.broker = "%s"
        }
        """
        .formatted(
            GENERATED,
            aggregator.place(),
            site.listener().bind(),
            site.listener().port(),
            clients,
            site.listener().localUrl());
  }

  private static String page(SecuredSite site, SiteMember operator) {
    return """
        # %s

        include required("%s/identity.conf")

        chorale {
          connection.broker = "%s"
          dashboard {
            users-file = "users"
            tls { certificate = "broker.pem", key = "broker.key" }
          }
        }
        """
        .formatted(GENERATED, operator.place(), site.listener().localUrl());
  }

  private static String users(SecuredSite site) {
    StringBuilder lines = new StringBuilder("# " + GENERATED + '\n');
    site.members().forEach(each -> lines.append(each.entry().line()).append('\n'));
    return lines.toString();
  }

  private static Map<String, String> member(SecuredSite site, SiteMember member) {
    Map<String, String> files = new TreeMap<>();
    if (member.hasFolder()) {
      files.putAll(folder(site, member));
    }
    if (member.hasSheet()) {
      files.putAll(sheet(site, member));
    }
    return files;
  }

  /** Returns the files of a member whose machine runs Chorale. */
  private static Map<String, String> folder(SecuredSite site, SiteMember member) {
    String place = member.place() + '/';
    Map<String, String> files = new TreeMap<>();
    files.put(place + "identity.conf", identity(site, member));
    files.put(place + "password", member.password() + '\n');
    files.put(place + "ca.pem", site.authority().certificate());
    member.replyKey().ifPresent(key -> files.put(place + "reply.key", key + '\n'));
    if (member.role() == UserRole.WORKER) {
      files.put(place + "tensor.key", site.tensorKey() + '\n');
    }
    if (member.role() == UserRole.AGGREGATOR) {
      files.put(place + "reply-keys", replyKeys(site));
    }
    member
        .client()
        .ifPresent(
            client -> {
              files.put(place + "client.pem", client.certificate());
              files.put(place + "client.key", client.key());
            });
    return files;
  }

  private static String replyKeys(SecuredSite site) {
    StringBuilder lines = new StringBuilder("# " + GENERATED + '\n');
    for (SiteMember worker : site.of(UserRole.WORKER)) {
      lines.append(worker.name() + ' ' + worker.replyKey().orElseThrow() + '\n');
    }
    return lines.toString();
  }

  private static String identity(SecuredSite site, SiteMember member) {
    String client =
        member.client().isPresent()
            ? "\n      certificate = \"client.pem\"\n      key = \"client.key\""
            : "";
    String service =
        switch (member.role()) {
          case WORKER ->
              """
                worker {
                  name = "%s"
                  reply-key-file = "reply.key"
                  tensor-key-file = "tensor.key"
                }
              """
                  .formatted(member.name());
          case AGGREGATOR ->
              """
                aggregator {
                  name = "%s"
                  reply-keys-file = "reply-keys"
                }
              """
                  .formatted(member.name());
          case DASHBOARD ->
              """
                dashboard.pictures = %s
              """
                  .formatted(member.entry().identity().frames());
          default -> "";
        };
    return """
        # %s

        chorale {
          site = "%s"
          connection {
            broker = "%s"
            user = "%s"
            password-file = "password"
            tls {
              certificate-authority = "ca.pem"%s
            }
          }
        %s}
        """
        .formatted(GENERATED, site.name(), site.listener().url(), member.name(), client, service);
  }

  /** Returns the files of a member without Chorale: the login to enter there. */
  private static Map<String, String> sheet(SecuredSite site, SiteMember member) {
    String place = member.place();
    Map<String, String> files = new TreeMap<>();
    String login =
        "url = %s\nuser = %s\npassword = %s\n"
            .formatted(site.listener().url(), member.name(), member.password());
    files.put(place + ".txt", login);
    member
        .client()
        .ifPresent(
            client -> {
              files.put(place + ".pem", client.certificate());
              files.put(place + ".key", client.key());
            });
    return files;
  }
}
