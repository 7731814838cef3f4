package chorale.site.faults;

import chorale.site.ChildProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A watcher of a site's processes in a soak test: their memory must stop growing, and their logs
 * must have no warnings. Used by one thread, in turns.
 */
final class SoakWatch {
  private static final long EVERY_NANOS = Duration.ofSeconds(5).toNanos();

  private final Map<String, ChildProcess> processes;
  private final Map<String, List<Double>> megabytes = new TreeMap<>();
  private final Map<String, Integer> complaintsBefore = new HashMap<>();
  private long dueNanos = System.nanoTime();

  /** Ignores earlier warnings, because the warm-up overloads the processes. */
  SoakWatch(Map<String, ChildProcess> processes) throws IOException {
    this.processes = processes;
    for (Map.Entry<String, ChildProcess> each : processes.entrySet()) {
      complaintsBefore.put(each.getKey(), each.getValue().complaints().size());
    }
  }

  /** Runs one turn. */
  void step() {
    long now = System.nanoTime();
    if (now - dueNanos >= 0) {
      dueNanos = Math.max(dueNanos + EVERY_NANOS, now);
      processes.forEach(
          (name, process) ->
              process
                  .residentKibibytes()
                  .ifPresent(
                      kibibytes ->
                          megabytes
                              .computeIfAbsent(name, any -> new ArrayList<>())
                              .add(kibibytes * 1024 / 1e6)));
    }
  }

  List<Memory> memory() {
    return megabytes.entrySet().stream()
        .map(each -> new Memory(each.getKey(), each.getValue()))
        .toList();
  }

  /** Adds violations to the history. */
  void judge(History history) throws IOException {
    for (Memory each : memory()) {
      if (!each.isFlat()) {
        history.note(
            Violation.Kind.GREW,
            each.process(),
            String.format(
                Locale.ROOT,
                "  from %.1f to %.1f MB of resident memory",
                each.least(),
                each.most()));
      }
    }
    for (Map.Entry<String, ChildProcess> each : processes.entrySet()) {
      List<String> all = each.getValue().complaints();
      List<String> complaints = all.subList(complaintsBefore.get(each.getKey()), all.size());
      if (!complaints.isEmpty()) {
        history.note(
            Violation.Kind.LOGGED,
            each.getKey(),
            String.join(
                System.lineSeparator(), complaints.subList(0, Math.min(10, complaints.size()))));
      }
    }
  }
}
