package chorale.setup;

import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * The README of a site's folder, which says where each file goes. It contains no secret. Stateless.
 */
final class SitePage {
  private SitePage() {}

  static String text(SecuredSite site, Path folder) {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Site %s

        %s

        The broker is at `%s`. Its certificate expires on %s, the authority's (`ca.pem`) on %s;
        `chorale doctor` warns 60 days before.

        **Keep this folder secret.** `site.json` contains every password and key of the site. Copy only the
        files in the table to other machines.

        ## On this machine

        With the broker that comes with Chorale:

            chorale broker --config %s
            chorale aggregator --config %s
            chorale dashboard --config %s

        With Mosquitto 2 instead:

            mosquitto -c %s
            chorale aggregator --config %s

        `host.conf` and each `worker.conf`, `aggregator.conf`, `dashboard.conf` and `operator.conf` are yours to edit.
        `setup` rewrites all other files.

        ## What goes where

        | member | role | files | what to do |
        |---|---|---|---|
        """
            .formatted(
                site.name(),
                SiteFiles.GENERATED,
                site.listener().url(),
                until(site.broker()),
                until(site.authority()),
                folder.resolve("host.conf"),
                folder.resolve("host.conf"),
                folder.resolve("dashboard.conf"),
                folder.resolve("mosquitto/mosquitto.conf"),
                folder.resolve("host.conf")));
    site.members().forEach(each -> page.append(row(each)));
    page.append(
        """

        In a camera with other software, enter the three lines of its file, and `ca.pem` to verify the broker. It publishes on
        `chorale/%s/camera/NAME/image`.

        ## With the Debian packages

        Their services read the site from `/var/lib/chorale/site`, owned by the user `chorale`:

            systemctl restart chorale-broker chorale-aggregator
            systemctl enable --now chorale-dashboard

        A board reads its files from `/var/lib/chorale/board`:

            tar -C %s -c . | ssh BOARD sudo -u chorale tar -C /var/lib/chorale/board -xp
            ssh BOARD sudo systemctl restart chorale-worker

        ## Changes

            chorale setup %s --add --boards pi9        # a new member; existing members do not change
            chorale setup %s --rotate NAME             # a new password and new keys: copy its files to it again
            chorale setup %s --remove NAME             # removes its access
            chorale setup %s --rotate broker           # a new certificate for the broker
            chorale setup %s --backup FILE             # --restore FILE into an empty folder

        The broker disconnects members that are removed or have a new password. The embedded broker reloads its files
        automatically; Mosquitto reloads them on

            pkill -HUP mosquitto
        """
            .formatted(
                site.name(),
                folder.resolve("boards/NAME"),
                folder,
                folder,
                folder,
                folder,
                folder));
    return page.toString();
  }

  private static String row(SiteMember member) {
    String place = member.place();
    String todo =
        switch (member.role()) {
          case WORKER ->
              "`scp -rp %s/ BOARD:chorale-site`, then there: `bin/chorale worker --config chorale-site/worker.conf`"
                  .formatted(place);
          case AGGREGATOR ->
              "the first one runs with `host.conf`; others: `chorale aggregator --config %s/aggregator.conf`"
                  .formatted(place);
          case OPERATOR -> "`chorale watch --config %s/operator.conf`".formatted(place);
          case DASHBOARD ->
              "`chorale dashboard --config %s/dashboard.conf`; for other dashboard software, enter the lines of `%s.txt`"
                  .formatted(place, place);
          case CAMERA -> "enter them in the camera, with `ca.pem`";
        };
    List<String> files = new ArrayList<>();
    if (member.hasFolder()) {
      files.add(place + '/');
    }
    if (member.hasSheet()) {
      files.add(place + ".txt");
      member.client().ifPresent(any -> files.addAll(List.of(place + ".pem", place + ".key")));
    }
    String kind =
        SiteMember.kind(member.role())
            + (member.entry().identity().frames() ? ", receives frames" : "");
    return "| %s | %s | %s | %s |\n"
        .formatted(member.name(), kind, "`" + String.join("`, `", files) + "`", todo);
  }

  private static LocalDate until(Credential credential) {
    return SiteAuthority.certificate(credential.certificate())
        .getNotAfter()
        .toInstant()
        .atZone(ZoneOffset.UTC)
        .toLocalDate();
  }
}
