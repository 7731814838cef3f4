/**
 * The command {@code chorale}, and what its subcommands share: options, exit codes, error messages,
 * terminal output, signals. The subcommands are in packages by topic; this package does not depend
 * on them.
 */
package chorale.cli;
