package chorale.cli.doctor;

import chorale.config.Settings;
import chorale.config.SettingsException;
import chorale.config.UsersFile;
import chorale.protocol.FileFailure;
import chorale.protocol.tls.PemFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** Checks of the files with passwords, keys and certificates: permissions and dates. Stateless. */
final class SecretChecks {
  private static final Duration SOON = Duration.ofDays(60);
  private static final Set<PosixFilePermission> OTHERS =
      Set.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private SecretChecks() {}

  /** Returns no finding if there are no such files. */
  static List<Finding> all(Settings settings, List<Path> secretFiles, Instant now) {
    List<Finding> findings = new ArrayList<>();
    if (!secretFiles.isEmpty()) {
      findings.add(permissions(secretFiles));
    }
    List<Path> certificates = new ArrayList<>();
    settings
        .connection()
        .tls()
        .ifPresent(
            tls -> {
              tls.certificateAuthority().ifPresent(certificates::add);
              tls.certificate().ifPresent(certificates::add);
            });
    settings
        .broker()
        .tls()
        .ifPresent(
            tls -> {
              certificates.add(tls.certificate());
              tls.clientCa().ifPresent(certificates::add);
            });
    certificates.stream().distinct().forEach(each -> findings.add(certificate(each, now)));
    settings.broker().usersFile().ifPresent(file -> findings.add(users(file)));
    return findings;
  }

  static Finding users(Path file) {
    try {
      return Finding.ok("users", UsersFile.read(file).size() + " in " + file);
    } catch (SettingsException e) {
      return Finding.fail("users", e.getMessage());
    }
  }

  static Finding permissions(List<Path> files) {
    List<String> open = new ArrayList<>();
    for (Path file : files) {
      try {
        if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
          open.add(file.toString());
        }
      } catch (UnsupportedOperationException e) {
        return Finding.ok("secrets", "file permissions are not known on this platform");
      } catch (IOException e) {
        return Finding.fail("secrets", "cannot be read: " + FileFailure.described(e, file));
      }
    }
    return open.isEmpty()
        ? Finding.ok("secrets", files.size() + " files, readable only by their owner")
        : Finding.warn(
            "secrets", "other users may read or change them: chmod 600 " + String.join(" ", open));
  }

  /** Checks the earliest expiry date of a file's certificates. */
  static Finding certificate(Path file, Instant now) {
    X509Certificate first;
    try {
      first =
          Collections.min(
              List.of(PemFiles.certificates(file)),
              Comparator.comparing(X509Certificate::getNotAfter));
    } catch (IllegalArgumentException e) {
      return Finding.fail("tls", e.getMessage());
    }
    Instant from = first.getNotBefore().toInstant();
    Instant until = first.getNotAfter().toInstant();
    if (now.isBefore(from)) {
      return Finding.fail(
          "tls",
          "%s is valid from %s, but this machine's clock says %s; set the clock"
              .formatted(file, date(from), date(now)));
    }
    String renew = "; renew it where it was made ('chorale setup DIR --rotate NAME')";
    if (now.isAfter(until)) {
      return Finding.fail("tls", file + " expired on " + date(until) + renew);
    }
    return now.plus(SOON).isAfter(until)
        ? Finding.warn("tls", file + " expires on " + date(until) + renew)
        : Finding.ok("tls", file + " is valid until " + date(until));
  }

  private static LocalDate date(Instant instant) {
    return instant.atZone(ZoneOffset.UTC).toLocalDate();
  }
}
