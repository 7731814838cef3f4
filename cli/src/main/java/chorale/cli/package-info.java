/**
 * The command {@code chorale}, and what its subcommands share: options, exit codes, error lines,
 * the terminal, signals. The subcommands stand in packages by topic, on which this package does not
 * depend. Nothing here measures or decides.
 */
package chorale.cli;
