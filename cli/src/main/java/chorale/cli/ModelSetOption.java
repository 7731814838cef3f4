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

/** The model set of a command ({@code @Mixin}). */
public final class ModelSetOption {
  @Option(
      names = "--models",
      paramLabel = "DIR",
      description = "The model set's directory; the one that Chorale ships unless set.")
  private Optional<Path> models = Optional.empty();

  public ModelSet load() throws CommandException {
    return load(Strategy.VARIANT);
  }

  /** The set for a strategy, where the user has not chosen one. */
  public ModelSet load(Strategy strategy) throws CommandException {
    try {
      return ModelSet.load(models.orElseGet(() -> Home.models(strategy)));
    } catch (ModelSetException e) {
      throw CommandException.mistake((models.isPresent() ? "--models: " : "") + e.getMessage());
    }
  }

  /** The boards of a strategy, {@link Board#of(Strategy, ModelSet)}. */
  public static List<Board> boards(Strategy strategy, ModelSet set) throws CommandException {
    try {
      return Board.of(strategy, set);
    } catch (SiteException e) {
      throw CommandException.mistake("--" + e.getMessage());
    }
  }
}
