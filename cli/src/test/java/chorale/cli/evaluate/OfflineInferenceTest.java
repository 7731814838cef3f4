package chorale.cli.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chorale.config.Settings;
import chorale.config.SettingsLoader;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class OfflineInferenceTest {
  @Test
  void imageLimit_isTheDefaultOfWorkers() throws Exception {
    Settings settings =
        new SettingsLoader("host", Path.of("models"))
            .load(Optional.empty(), Map.of(), Map.of("worker.variant", "V1"));

    assertEquals(settings.worker().orElseThrow().maxPixels(), OfflineInference.MAX_PIXELS);
  }
}
