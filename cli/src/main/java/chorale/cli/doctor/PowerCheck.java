package chorale.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A check of under-voltage and throttling, if the kernel reports them: from a Raspberry Pi's
 * firmware (the bits of {@code vcgencmd get_throttled}) or its voltage sensor ({@code
 * raspberrypi-hwmon}).
 */
final class PowerCheck {
  private static final int UNDER_VOLTAGE = 0x1;

  /** Frequency capped, throttled, soft temperature limit exceeded. */
  private static final int SLOWED = 0xe;

  /** The offset of the same bits for the time since the board started. */
  private static final int EARLIER = 16;

  private PowerCheck() {}

  /** Returns no finding if the kernel reports nothing. */
  static List<Finding> look(Path sys) {
    for (Path soc : children(sys.resolve("devices/platform"), "soc*")) {
      for (Path firmware : children(soc, "*:firmware")) {
        Optional<String> bits = MachineChecks.read(firmware.resolve("get_throttled"));
        if (bits.isPresent()) {
          return List.of(firmware(Integer.parseUnsignedInt(bits.get().strip(), 16)));
        }
      }
    }
    // The driver clears the firmware's bit every 2 s, so the alarm covers only the last 2 s.
    for (Path sensor : children(sys.resolve("class/hwmon"), "hwmon*")) {
      Optional<String> alarm = MachineChecks.read(sensor.resolve("in0_lcrit_alarm"));
      if (alarm.isPresent()) {
        return List.of(
            alarm.get().strip().equals("1")
                ? firmware(UNDER_VOLTAGE)
                : Finding.ok("power", "no under-voltage now"));
      }
    }
    return List.of();
  }

  private static Finding firmware(int bits) {
    int earlier = bits >>> EARLIER;
    if (((bits | earlier) & UNDER_VOLTAGE) != 0) {
      return Finding.warn(
          "power",
          when(bits & UNDER_VOLTAGE, "under-voltage")
              + ": the board slows down, and may crash or damage its SD card; use the"
              + " manufacturer's power supply and a short cable");
    }
    return ((bits | earlier) & SLOWED) != 0
        ? Finding.warn(
            "power",
            when(bits & SLOWED, "throttled") + ", too warm: inference is slower; cool the board")
        : Finding.ok("power", "no under-voltage and no throttling since the board started");
  }

  private static String when(int now, String what) {
    return what + (now != 0 ? " now" : " at least once since the board started");
  }

  private static List<Path> children(Path folder, String glob) {
    List<Path> children = new ArrayList<>();
    try (var found = Files.newDirectoryStream(folder, glob)) {
      found.forEach(children::add);
    } catch (IOException e) {
      return List.of();
    }
    return children;
  }
}
