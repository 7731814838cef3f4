package chorale.cli;

import chorale.protocol.Strategy;
import chorale.site.Board;
import chorale.site.SiteException;
import chorale.variants.ModelSet;
import chorale.variants.ModelSetException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option {@code --models} of a command ({@code @Mixin}). */
public final class ModelSetOption {
  @Option(
      names = "--models",
      paramLabel = "DIR",
      description = "The model set's directory. Default: the one that comes with Chorale.")
  private Optional<Path> models = Optional.empty();

  public ModelSet load() throws CommandException {
    return load(Strategy.VARIANT);
  }

  /** Loads the chosen set, or the default set of the strategy. */
  public ModelSet load(Strategy strategy) throws CommandException {
    try {
      return ModelSet.load(models.orElseGet(() -> Home.models(strategy)));
    } catch (ModelSetException e) {
      throw CommandException.mistake((models.isPresent() ? "--models: " : "") + e.getMessage());
    }
  }

  /** Returns the boards of a strategy, {@link Board#of(Strategy, ModelSet)}. */
  public static List<Board> boards(Strategy strategy, ModelSet set) throws CommandException {
    try {
      return Board.of(strategy, set);
    } catch (SiteException e) {
      throw CommandException.mistake(e.getMessage());
    }
  }
}
