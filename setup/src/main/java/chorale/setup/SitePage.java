package chorale.setup;

import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** The page of a site's folder that says what goes where. It holds no secret. */
final class SitePage {
  private SitePage() {}

  static String text(SecuredSite site, Path folder) {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Site %s

        %s

        The broker is at `%s`. Its certificate ends on %s, the authority's (`ca.pem`) on %s;
        `chorale doctor` warns 60 days before.

        **Keep this folder secret.** `site.json` holds every password and key of the site: whoever has it can be
        any member. Only what the table names leaves this machine.

        ## On this machine

        With the broker that comes with Chorale:

            chorale broker --config %s
            chorale aggregator --config %s
            chorale dashboard --config %s

        With Mosquitto 2 instead:

            mosquitto -c %s
            chorale aggregator --config %s

        `host.conf` and each `worker.conf`, `aggregator.conf`, `dashboard.conf` and `operator.conf` are yours to edit.
        All other files are made anew by `setup`.

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

        A camera of another maker takes the three lines of its file, `ca.pem` to check the broker with, and publishes on
        `chorale/%s/camera/NAME/image`.

        ## With the Debian packages

        Their services find the site in `/var/lib/chorale/site`, which belongs to the user `chorale`:

            systemctl restart chorale-broker chorale-aggregator
            systemctl enable --now chorale-dashboard

        A board finds its files in `/var/lib/chorale/board`:

            tar -C %s -c . | ssh BOARD sudo -u chorale tar -C /var/lib/chorale/board -xp
            ssh BOARD sudo systemctl restart chorale-worker

        ## Changes

            chorale setup %s --add --boards pi9        # a new member; what is there stays as it is
            chorale setup %s --rotate NAME             # a new password and new keys: give it its files again
            chorale setup %s --remove NAME             # locked out
            chorale setup %s --rotate broker           # a new certificate for the broker
            chorale setup %s --backup FILE             # --restore FILE into an empty folder

        The broker disconnects whoever was removed or has a new password: the one that comes with Chorale notices by
        itself, Mosquitto reads its files again on

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
              "`chorale dashboard --config %s/dashboard.conf`; another maker's takes the lines of `%s.txt`"
                  .formatted(place, place);
          case CAMERA -> "enter them there, with `ca.pem`";
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
            + (member.entry().identity().frames() ? ", hears frames" : "");
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
