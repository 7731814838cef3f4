package chorale.evaluation.tiers;

import chorale.protocol.Escalation;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A writer of chosen thresholds into a model set's {@code set.json}. Stateless. */
public final class SetFile {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private SetFile() {}

  /**
   * Replaces the set's plans of tiers and keeps everything else.
   *
   * @param directory of a valid model set
   */
  public static void write(Path directory, List<Escalation> escalations) throws IOException {
    Path file = directory.resolve("set.json");
    ObjectNode set = (ObjectNode) MAPPER.readTree(Files.readString(file));
    ArrayNode tiers = set.putArray("tiers");
    for (Escalation each : escalations) {
      ArrayNode thresholds =
          tiers.addObject().put("plan", each.plan().label()).putArray("thresholds");
      each.thresholds().forEach(thresholds::add);
    }
    Path written = Files.createTempFile(directory, "set", ".json");
    Files.writeString(written, MAPPER.writer(printer()).writeValueAsString(set) + "\n");
    Files.move(written, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  /** Returns a printer with the format of the training scripts. */
  private static DefaultPrettyPrinter printer() {
    DefaultIndenter indenter = new DefaultIndenter(" ", "\n");
    return new DefaultPrettyPrinter(
            Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER))
        .withObjectIndenter(indenter)
        .withArrayIndenter(indenter);
  }
}
