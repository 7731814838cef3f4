package chorale.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What depends on what, in all modules at once (docs of the house: one way, few doors). */
final class HouseRulesTest {
  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(
              location -> !location.contains("test-classes") && !location.contains("-tests.jar"))
          .importPackages("chorale", "org.eclipse.paho.mqttv5.common.packet.util");

  /** Each module and the other modules that it may use. */
  private static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          entry("protocol", Set.of()),
          entry("mqtt", Set.of("protocol")),
          entry("config", Set.of("protocol")),
          entry("imaging", Set.of("protocol")),
          entry("variants", Set.of("protocol")),
          entry("broker", Set.of("protocol", "config", "variants")),
          entry("worker", Set.of("protocol", "config", "imaging", "variants")),
          entry("aggregator", Set.of("protocol", "config", "variants")),
          entry("publisher", Set.of("protocol", "config", "imaging", "variants")),
          entry(
              "evaluation",
              Set.of("protocol", "config", "imaging", "variants", "worker", "aggregator", "site")),
          entry("site", Set.of("protocol", "variants")));

  private static final Map<String, Set<String>> CLOCKS_AND_THREADS =
      Map.of(
          "java.lang.System", Set.of("nanoTime", "currentTimeMillis"),
          "java.lang.Thread", Set.of("<init>", "sleep", "start", "startVirtualThread"),
          "java.time.Instant", Set.of("now"),
          "java.time.LocalDate", Set.of("now"),
          "java.time.LocalDateTime", Set.of("now"),
          "java.time.ZonedDateTime", Set.of("now"),
          "java.time.Clock", Set.of("system", "systemUTC", "systemDefaultZone"),
          "java.util.Timer", Set.of("<init>"),
          "java.util.concurrent.ThreadPoolExecutor", Set.of("<init>"),
          "java.util.concurrent.ScheduledThreadPoolExecutor", Set.of("<init>"));

  private static final DescribedPredicate<JavaAccess<?>> READS_A_CLOCK_OR_STARTS_A_THREAD =
      DescribedPredicate.describe(
          "reads a real clock, sleeps or starts a thread",
          access -> {
            String owner = access.getTargetOwner().getName();
            String name = access.getName();
            return CLOCKS_AND_THREADS.getOrDefault(owner, Set.of()).contains(name)
                || owner.equals("java.util.concurrent.Executors")
                || (owner.equals("java.util.concurrent.CompletableFuture")
                    && name.endsWith("Async"));
          });

  @Test
  void modules_dependOneWay() {
    for (Map.Entry<String, Set<String>> module : MAY_USE.entrySet()) {
      List<String> others = new ArrayList<>(MAY_USE.keySet());
      others.add("cli");
      others.remove(module.getKey());
      others.removeAll(module.getValue());
      ArchRule rule =
          noClasses()
              .that()
              .resideInAPackage(tree(module.getKey()))
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(others.stream().map(HouseRulesTest::tree).toArray(String[]::new))
              .allowEmptyShould(module.getKey().equals("evaluation"));
      rule.check(HOUSE);
    }
  }

  private static String tree(String module) {
    return "chorale." + module + "..";
  }

  @Test
  void busPort_knowsNoAdapter() {
    noClasses()
        .that()
        .resideInAPackage("chorale.protocol.bus")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("chorale.mqtt")
        .check(HOUSE);
  }

  @Test
  void paho_isImportedInOnePackage() {
    onlyIn("org.eclipse.paho..", "chorale.mqtt");
  }

  @Test
  void onnxRuntime_isImportedInOnePackage() {
    onlyIn("ai.onnxruntime..", "chorale.worker");
  }

  @Test
  void hivemq_isImportedInOnePackage() {
    onlyIn("com.hivemq..", "chorale.broker");
  }

  private static void onlyIn(String library, String home) {
    noClasses()
        .that()
        .resideInAPackage("chorale..")
        .and()
        .resideOutsideOfPackage(home)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(HOUSE);
    assertTrue(
        HOUSE.stream()
            .filter(each -> each.getPackageName().equals(home))
            .flatMap(each -> each.getDirectDependenciesFromSelf().stream())
            .anyMatch(
                each ->
                    each.getTargetClass()
                        .getPackageName()
                        .startsWith(library.substring(0, library.length() - 2))),
        () -> library + " is used nowhere: the rule would hold of nothing");
  }

  @Test
  void clocksAndThreads_belongToMainsTheirMeasurementsAndThePahoAdapter() {
    noClasses()
        .that()
        .resideInAPackage("chorale..")
        .and()
        .resideOutsideOfPackages(
            "chorale.cli",
            "chorale.site",
            "chorale.evaluation.comparison",
            "chorale.evaluation.measurement",
            "chorale.mqtt")
        .should()
        .accessTargetWhere(READS_A_CLOCK_OR_STARTS_A_THREAD)
        .check(HOUSE);
    assertTrue(
        HOUSE.stream()
            .filter(each -> each.getPackageName().equals("chorale.cli"))
            .flatMap(each -> each.getAccessesFromSelf().stream())
            .anyMatch(READS_A_CLOCK_OR_STARTS_A_THREAD),
        "the cli does read clocks: the predicate sees nothing");
  }
}
