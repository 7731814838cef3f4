package chorale.cli.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.cli.CommandException;
import chorale.site.faults.FaultKind;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class FaultsOptionTest {
  @Test
  void parse_kindsWithAndWithoutNumbers_returnsBoth() throws CommandException {
    assertEquals(
        Map.of(FaultKind.KILL, 0, FaultKind.BROKER_STOP, 0),
        FaultsOption.parse(Optional.of("kill, broker_stop")));
    assertEquals(
        Map.of(FaultKind.KILL, 50, FaultKind.LEAVE, 5),
        FaultsOption.parse(Optional.of("kill=50,leave=5")));
    assertEquals(Set.of(FaultKind.values()), FaultsOption.parse(Optional.empty()).keySet());
  }

  @Test
  void parse_mistakes_sayWhatIsAllowed() {
    for (String each : new String[] {"", "kil", "kill=0", "kill=99999", "kill=2,stop", "kill="}) {
      CommandException refused =
          assertThrows(CommandException.class, () -> FaultsOption.parse(Optional.of(each)), each);
      assertTrue(refused.getMessage().startsWith("--faults: '"), refused.getMessage());
    }
  }
}
