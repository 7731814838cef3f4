package chorale.setup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The setup of a site's folder: creates, changes, saves and restores it. {@value SiteStore#FILE} is
 * written first and all other files derive from it, so the next run completes an interrupted one.
 * Not thread-safe; two concurrent setups of one folder overwrite each other's changes.
 */
public final class SiteSetup {
  /**
   * Minimum date of the clock, because certificates issued with an earlier one would expire too
   * early.
   */
  private static final Instant EARLIEST = Instant.parse("2025-01-01T00:00:00Z");

  private final Path folder;
  private final Instant now;
  private final SecureRandom random;

  public SiteSetup(Path folder, Instant now, SecureRandom random) {
    this.folder = folder.toAbsolutePath().normalize();
    this.now = now;
    this.random = random;
  }

  /**
   * The outcome of a setup.
   *
   * @param url of the broker
   * @param done one line for each changed member or certificate
   * @param files written files of the folder
   */
  public record Report(
      String site, String url, List<String> done, List<String> files, boolean isNew) {}

  /** Returns whether these are the lines of a generated file, which the next setup rewrites. */
  public static boolean isGenerated(List<String> lines) {
    return lines.contains("# " + SiteFiles.GENERATED);
  }

  public Report apply(SiteRequest request) throws SetupException, IOException {
    requireClock();
    Optional<SecuredSite> before = SiteStore.read(folder);
    if (before.isEmpty()) {
      requireEmpty();
    }
    SiteChange change = new SiteChange(now, random);
    SecuredSite site =
        before.isPresent() ? change.changed(before.get(), request) : change.made(request);
    for (SiteMember gone : change.removed()) {
      delete(gone);
    }
    List<String> files = write(site, before);
    return new Report(site.name(), site.listener().url(), change.done(), files, before.isEmpty());
  }

  public void backup(Path file) throws SetupException, IOException {
    if (SiteStore.read(folder).isEmpty()) {
      throw new SetupException(folder + ": no site to save (it has no " + SiteStore.FILE + ")");
    }
    if (Files.exists(file)) {
      throw new SetupException("--backup: '" + file + "' exists; name a new file");
    }
    SiteBackup.write(folder, file);
  }

  /** Restores a backup into an empty folder, which need not be the original one. */
  public Report restore(Path file) throws SetupException, IOException {
    requireEmpty();
    PrivateFiles.folder(folder);
    SiteBackup.restore(file, folder);
    SecuredSite site = SiteStore.read(folder).orElseThrow();
    List<String> files = write(site, Optional.of(site));
    return new Report(site.name(), site.listener().url(), List.of(), files, false);
  }

  private void requireClock() throws SetupException {
    if (now.isBefore(EARLIEST)) {
      throw new SetupException(
          ("this machine's clock shows %s, but certificates need the date; set it"
                  + " with 'timedatectl set-ntp true'")
              .formatted(now));
    }
  }

  private void requireEmpty() throws SetupException, IOException {
    if (!Files.exists(folder)) {
      return;
    }
    if (!Files.isDirectory(folder)) {
      throw new SetupException(folder + ": not a folder");
    }
    try (Stream<Path> files = Files.list(folder)) {
      if (files.findAny().isPresent()) {
        throw new SetupException(
            folder
                + ": not empty, but not a site (it has no "
                + SiteStore.FILE
                + "); use a new folder, or empty this one");
      }
    }
  }

  private void delete(SiteMember member) throws IOException {
    for (String end : List.of("", ".txt", ".pem", ".key")) {
      PrivateFiles.delete(folder.resolve(member.place() + end));
    }
  }

  private List<String> write(SecuredSite site, Optional<SecuredSite> before) throws IOException {
    PrivateFiles.folder(folder);
    PrivateFiles.close(folder);
    List<String> written = new ArrayList<>();
    if (!before.equals(Optional.of(site))) {
      SiteStore.write(folder, site);
      written.add(SiteStore.FILE);
    }
    for (Map.Entry<String, String> each : SiteFiles.own(site).entrySet()) {
      if (!Files.exists(folder.resolve(each.getKey()))) {
        write(each, written);
      }
    }
    for (Map.Entry<String, String> each : SiteFiles.generated(site, folder).entrySet()) {
      Path file = folder.resolve(each.getKey());
      if (!Files.exists(file) || !Files.readString(file).equals(each.getValue())) {
        write(each, written);
      }
    }
    return written;
  }

  private void write(Map.Entry<String, String> file, List<String> written) throws IOException {
    PrivateFiles.write(
        folder.resolve(file.getKey()), file.getValue().getBytes(StandardCharsets.UTF_8));
    written.add(file.getKey());
  }
}
