package chorale.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The rules of docs/architecture.md, checked on the main classes of all modules on the class path.
 * The separate build of module bench runs the same tests on its classes.
 */
public class HouseRulesTest {
  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(
              location -> !location.contains("test-classes") && !location.contains("-tests.jar"))
          .importPackages("chorale");

  /** The modules that each module may use. */
  private static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          entry("protocol", Set.of()),
          entry("mqtt", Set.of("protocol")),
          entry("config", Set.of("protocol")),
          entry("imaging", Set.of("protocol")),
          entry("variants", Set.of("protocol")),
          entry("broker", Set.of("protocol", "config")),
          entry("worker", Set.of("protocol", "config", "imaging", "variants")),
          entry("aggregator", Set.of("protocol", "config", "variants")),
          entry("publisher", Set.of("protocol", "config", "imaging")),
          entry("monitoring", Set.of("protocol", "config")),
          entry("dashboard", Set.of("protocol", "config", "imaging", "monitoring")),
          entry("setup", Set.of("protocol")),
          entry("site", Set.of("protocol", "variants")),
          entry(
              "evaluation",
              Set.of("protocol", "imaging", "variants", "worker", "aggregator", "site")));

  /** The modules with a main method; they may use all modules above and the ones listed here. */
  private static final Map<String, Set<String>> MAINS =
      Map.of("cli", Set.of(), "bench", Set.of("cli"));

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
  protected void modules_dependOneWay() {
    MAY_USE.forEach(
        (module, used) -> {
          List<String> others = new ArrayList<>(MAY_USE.keySet());
          others.addAll(MAINS.keySet());
          others.remove(module);
          others.removeAll(used);
          rule(module, others);
        });
    MAINS.forEach(
        (module, used) -> {
          List<String> others = new ArrayList<>(MAINS.keySet());
          others.remove(module);
          others.removeAll(used);
          rule(module, others);
        });
  }

  private static void rule(String module, List<String> others) {
    noClasses()
        .that()
        .resideInAPackage(tree(module))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others.stream().map(HouseRulesTest::tree).toArray(String[]::new))
        .allowEmptyShould(module.equals("bench")) // not on the class path of this module's tests
        .check(HOUSE);
  }

  private static String tree(String module) {
    return "chorale." + module + "..";
  }

  @Test
  protected void modules_useOnlyAllowedModules() {
    Map<String, Set<String>> used = new TreeMap<>();
    for (JavaClass each : HOUSE) {
      String module = module(each);
      each.getDirectDependenciesFromSelf().stream()
          .map(dependency -> module(dependency.getTargetClass()))
          .filter(other -> !other.equals(module) && MAY_USE.containsKey(other))
          .forEach(other -> used.computeIfAbsent(module, any -> new TreeSet<>()).add(other));
    }
    MAY_USE.forEach(
        (module, allowed) -> assertEquals(allowed, used.getOrDefault(module, Set.of()), module));
  }

  /** Returns the module of a class, the second level of its package. */
  private static String module(JavaClass of) {
    String[] levels = of.getPackageName().split("\\.", 3);
    return levels.length > 1 && levels[0].equals("chorale") ? levels[1] : "";
  }

  @Test
  protected void packages_haveNoCycle() {
    slices().matching("chorale.(**)").should().beFreeOfCycles().check(HOUSE);
  }

  @Test
  protected void simpleNames_areUnique() {
    Map<String, Set<String>> packages = new TreeMap<>();
    for (JavaClass each : HOUSE) {
      if (each.isTopLevelClass() && !each.getSimpleName().equals("package-info")) {
        packages
            .computeIfAbsent(each.getSimpleName(), any -> new TreeSet<>())
            .add(each.getPackageName());
      }
    }
    packages.values().removeIf(each -> each.size() == 1);
    assertEquals(Map.of(), packages, "classes of one name in several packages");
  }

  @Test
  protected void protocol_doesNotUseTheMqttClient() {
    noClasses()
        .that()
        .resideInAPackage("chorale.protocol..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.eclipse.paho..")
        .check(HOUSE);
  }

  @Test
  protected void paho_isImportedInOnePackage() {
    onlyIn("org.eclipse.paho..", "chorale.mqtt");
  }

  @Test
  protected void onnxRuntime_isImportedInOnePackage() {
    onlyIn("ai.onnxruntime..", "chorale.worker");
  }

  @Test
  protected void charts_areImportedInOnePackage() {
    onlyIn("org.knowm.xchart..", "chorale.evaluation.report");
  }

  @Test
  protected void httpServer_isImportedWhereHttpIsServed() {
    onlyIn(
        "com.sun.net.httpserver..",
        "chorale.monitoring.http",
        "chorale.monitoring",
        "chorale.dashboard.web");
  }

  @Test
  protected void micrometer_isImportedInOnePackage() {
    onlyIn("io.micrometer..", "chorale.monitoring");
  }

  @Test
  protected void bouncyCastle_isImportedInOnePackage() {
    onlyIn("org.bouncycastle..", "chorale.setup");
  }

  @Test
  protected void hivemqBroker_isImportedInOnePackage() {
    onlyIn("com.hivemq..", "chorale.broker");
  }

  /** The rule ignores HiveMQ's client, another library, which the benchmark uses. */
  private static void onlyIn(String library, String... homes) {
    noClasses()
        .that()
        .resideInAPackage("chorale..")
        .and()
        .resideOutsideOfPackages(homes)
        .should()
        .dependOnClassesThat(
            JavaClass.Predicates.resideInAPackage(library)
                .and(
                    DescribedPredicate.not(
                        JavaClass.Predicates.resideInAPackage("com.hivemq.client.."))))
        .check(HOUSE);
    assertTrue(
        HOUSE.stream()
            .filter(each -> List.of(homes).contains(each.getPackageName()))
            .flatMap(each -> each.getDirectDependenciesFromSelf().stream())
            .anyMatch(
                each ->
                    each.getTargetClass()
                        .getPackageName()
                        .startsWith(library.substring(0, library.length() - 2))),
        () -> library + " is not used, so the rule checks nothing");
  }

  @Test
  protected void clocksAndThreads_belongToMainsMeasurementsAndTheMqttAdapter() {
    noClasses()
        .that()
        .resideInAPackage("chorale..")
        .and()
        .resideOutsideOfPackages(
            "chorale.cli..",
            "chorale.bench..",
            "chorale.site..",
            "chorale.evaluation.measurement",
            "chorale.evaluation.comparison",
            "chorale.mqtt")
        .should()
        .accessTargetWhere(READS_A_CLOCK_OR_STARTS_A_THREAD)
        .check(HOUSE);
    assertTrue(
        HOUSE.stream()
            .filter(each -> module(each).equals("cli"))
            .flatMap(each -> each.getAccessesFromSelf().stream())
            .anyMatch(READS_A_CLOCK_OR_STARTS_A_THREAD),
        "the commands read clocks, but the predicate does not find it");
  }
}
