package chorale.cli.setup;

import chorale.cli.CommandException;
import chorale.cli.ExitCodes;
import chorale.cli.Terminal;
import chorale.config.SettingsException;
import chorale.config.UsersFile;
import chorale.protocol.Bytes;
import chorale.protocol.FileFailure;
import chorale.protocol.access.Identity;
import chorale.protocol.access.PasswordHash;
import chorale.protocol.access.UserEntry;
import chorale.setup.PrivateFiles;
import chorale.setup.SiteSetup;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code chorale passwd}: sets the password of a user in a users file. */
@Command(
    name = "passwd",
    description =
        "Set a user's password in a users file (broker.users-file). The password is read from the"
            + " terminal, or as one line from standard input.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example: chorale passwd users wall --role dashboard",
      "For a site that 'chorale setup' created, use 'chorale setup DIR --rotate NAME'."
    })
public final class PasswdCommand implements Callable<Integer> {
  /** Makes guessing slow: a guess takes about 30 ms on a fast processor, and so does a login. */
  private static final int ITERATIONS = 20_000;

  private static final int MIN_LENGTH = 8;

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "FILE", description = "The users file; created if missing.")
  private Path file;

  @Parameters(index = "1", paramLabel = "USER", description = "The user's name.")
  private String user;

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      description =
          "The role, required for a new user: worker, aggregator, camera, dashboard,"
              + " dashboard+frames or operator.")
  private Optional<String> role = Optional.empty();

  @Option(
      names = "--site",
      paramLabel = "NAME",
      description = "The user's site. Default for a" + " new user: home.")
  private Optional<String> site = Optional.empty();

  @Override
  public Integer call() throws CommandException, SettingsException {
    try {
      List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
      if (SiteSetup.isGenerated(lines)) {
        throw CommandException.mistake(
            file
                + ": 'chorale setup' created it and would undo the change; use 'chorale setup "
                + file.toAbsolutePath().getParent()
                + " --rotate "
                + user
                + "'");
      }
      Optional<UserEntry> known = Optional.empty();
      for (UserEntry each : Files.exists(file) ? UsersFile.read(file) : List.<UserEntry>of()) {
        known = each.identity().name().equals(user) ? Optional.of(each) : known;
      }
      Identity identity = identity(known);
      PasswordHash hash = PasswordHash.of(password(), ITERATIONS, new SecureRandom());
      write(lines, new UserEntry(identity, hash));
      String what = known.isPresent() ? "new password for " : "added ";
      spec.commandLine().getOut().println(what + user + " in " + file);
      spec.commandLine().getOut().flush();
      return ExitCodes.OK;
    } catch (IOException e) {
      throw CommandException.failure(
          FileFailure.described(e, file) + "; check who owns it, and the space left");
    }
  }

  private Identity identity(Optional<UserEntry> known) throws CommandException {
    if (known.isPresent() && role.isEmpty() && site.isEmpty()) {
      return known.get().identity();
    }
    if (known.isEmpty() && role.isEmpty()) {
      throw CommandException.mistake(
          "--role: " + user + " is new in " + file + "; set a role, such as --role camera");
    }
    try {
      return UserEntry.identity(
          user,
          role.orElseGet(() -> known.orElseThrow().role()),
          site.orElseGet(() -> known.map(each -> each.identity().site()).orElse("home")));
    } catch (IllegalArgumentException e) {
      throw CommandException.mistake(e.getMessage());
    }
  }

  private Bytes password() throws CommandException, IOException {
    if (!Terminal.of(spec.commandLine().getOut()).interactive()) {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      return required(Optional.ofNullable(in.readLine()).orElse(""));
    }
    Console console = System.console();
    char[] once = console.readPassword("Password for %s: ", user);
    char[] again = console.readPassword("Once more: ");
    if (once == null || !Arrays.equals(once, again)) {
      throw CommandException.mistake("password: the two entries differ; nothing was changed");
    }
    return required(new String(once));
  }

  private static Bytes required(String password) throws CommandException {
    if (password.length() < MIN_LENGTH) {
      throw CommandException.mistake(
          "the password has %d characters; allowed: at least %d"
              .formatted(password.length(), MIN_LENGTH));
    }
    if (password.startsWith("change-me")) {
      throw CommandException.mistake(
          "the password begins with change-me, like those of the examples; choose another one");
    }
    return Bytes.utf8(password);
  }

  /** Writes the file with the new entry; all other lines stay unchanged. */
  private void write(List<String> before, UserEntry entry) throws IOException {
    List<String> lines = new ArrayList<>(before);
    lines.replaceAll(line -> line.strip().startsWith(user + ':') ? entry.line() : line);
    if (!lines.contains(entry.line())) {
      lines.add(entry.line());
    }
    String text = String.join("\n", lines) + '\n';
    PrivateFiles.write(file, text.getBytes(StandardCharsets.UTF_8));
  }
}
