package chorale.cli.service;

import chorale.cli.CommonOptions.Flags;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option --metrics-port of services that have no other HTTP port ({@code @Mixin}). */
final class MetricsOption {
  @Option(
      names = "--metrics-port",
      paramLabel = "N",
      description =
          "Serve /metrics, /livez and /readyz on this port; 0 takes a free one. Default: off.")
  private Optional<String> port = Optional.empty();

  MetricsOption() {}

  Flags flags() {
    return new Flags().set("metrics.port", port);
  }
}
