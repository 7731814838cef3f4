package chorale.bench;

import java.util.List;

/** The whole way from an image published to its result received. */
final class Pipeline implements Part {
  @Override
  public String name() {
    return "pipeline";
  }

  @Override
  public String about() {
    return "the whole way from an image published to its result received";
  }

  @Override
  public Findings run(Settings settings) {
    return new Findings(List.of(), List.of(), List.of());
  }
}
