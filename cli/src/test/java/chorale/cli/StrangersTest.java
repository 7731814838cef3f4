package chorale.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import chorale.aggregator.Aggregator;
import chorale.config.Settings;
import chorale.config.SettingsLoader;
import chorale.protocol.Assignment;
import chorale.protocol.Bytes;
import chorale.protocol.Calibration;
import chorale.protocol.Digests;
import chorale.protocol.Message;
import chorale.protocol.Ranked;
import chorale.protocol.Reply;
import chorale.protocol.Reply.Author;
import chorale.protocol.Reply.Outcome;
import chorale.protocol.ReplyCodec;
import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import chorale.protocol.ResultCodec;
import chorale.protocol.Role;
import chorale.protocol.StatusCodec;
import chorale.protocol.Topics;
import chorale.protocol.Topics.StatusKind;
import chorale.protocol.WorkerInfo;
import chorale.protocol.bus.MemoryBroker;
import chorale.variants.ModelSet;
import chorale.variants.VariantManifest;
import chorale.worker.Classifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The variants and images that come with Chorale, on a real aggregator. A worker with other models,
 * or with a false large weight, changes no answer.
 */
class StrangersTest {
  private static final Topics TOPICS = new Topics("home");
  private static final List<String> PLANTS = List.of("fern", "moss", "oak");
  private static final StatusCodec STATUS = new StatusCodec();
  private static final ReplyCodec REPLIES = new ReplyCodec();

  private static ModelSet set;
  private static final List<Picture> PICTURES = new ArrayList<>();

  /** An image with the variants' answers. */
  private record Picture(String label, Bytes image, List<List<Ranked>> votes) {}

  @BeforeAll
  static void classify() throws Exception {
    set = ModelSet.load(Path.of("..", "variants", "models", "cifar10"));
    List<Classifier> classifiers = new ArrayList<>();
    for (VariantManifest each : set.variants()) {
      classifiers.add(
          Classifier.open(set, each.id(), new Classifier.Settings(1, 1_000_000), System::nanoTime));
    }
    try (Stream<Path> files = Files.walk(Path.of("..", "pictures"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".jpg")).sorted().toList()) {
        Bytes image = Bytes.wrap(Files.readAllBytes(file));
        List<List<Ranked>> votes = new ArrayList<>();
        for (Classifier each : classifiers) {
          votes.add(each.classify(image).probabilities().topK(2));
        }
        PICTURES.add(new Picture(file.getParent().getFileName().toString(), image, votes));
      }
    }
    classifiers.forEach(Classifier::close);
  }

  /** A site with a real aggregator on a test clock, and boards whose replies the test sets. */
  private static final class Site {
    private final MemoryBroker broker = new MemoryBroker(() -> 0);
    private final List<Author> strangers;
    private final Aggregator aggregator;
    private long nanos;

    /**
     * @param strangers workers that announce themselves first and vote first on each image
     */
    Site(Author... strangers) throws Exception {
      this.strangers = List.of(strangers);
      Settings settings =
          new SettingsLoader("test", set.directory())
              .load(
                  Optional.empty(),
                  Map.of(),
                  Map.of("aggregator.bound", "false", "aggregator.min-confidence", "0"));
      this.aggregator =
          new Aggregator(
              settings.aggregator(),
              TOPICS,
              new Aggregator.Dependencies(
                  broker.factory(),
                  Optional.empty(),
                  Optional.empty(),
                  () -> nanos,
                  Clock.systemUTC(),
                  1,
                  "test",
                  counters -> {}));
      for (Author each : strangers) {
        announce(each, each.classCount() == PLANTS.size() ? PLANTS : set.classes());
      }
      for (VariantManifest each : set.variants()) {
        announce(author(each), set.classes());
      }
      for (int i = 0; i < 10; i++) {
        turn(100);
      }
    }

    private void turn(long millis) throws Exception {
      nanos += millis * 1_000_000;
      aggregator.runOnce();
    }

    private void announce(Author author, List<String> classes) {
      WorkerInfo info =
          new WorkerInfo(
              author,
              "set",
              classes,
              1,
              1,
              Calibration.NONE,
              Assignment.VARIANT,
              ReplyCodec.SCHEMA,
              "test");
      publish(author, StatusKind.INFO, STATUS.encode(info));
      publish(author, StatusKind.AVAILABILITY, StatusCodec.ONLINE);
    }

    private void publish(Author author, StatusKind kind, Bytes payload) {
      broker.publish(Message.retained(TOPICS.status(Role.WORKER, author.worker(), kind), payload));
    }

    private void reply(RequestKey key, Author author, List<Ranked> ranked) {
      Reply reply = new Reply(key, "gate", author, new Outcome.TopK(ranked), 1, 1);
      broker.publish(
          Message.of(
              TOPICS.reply("gate", author.variant(), author.worker()), REPLIES.encode(reply)));
    }

    /** Returns the answers in the order of the images, as label and class. */
    List<String> answers() throws Exception {
      for (Picture each : PICTURES) {
        broker.publish(Message.of(TOPICS.image("gate"), each.image()));
        RequestKey key = RequestKey.of("gate", Optional.empty(), each.image());
        for (Author stranger : strangers) {
          reply(key, stranger, List.of(new Ranked(0, 1)));
        }
        for (int i = 0; i < set.variants().size(); i++) {
          reply(key, author(set.variants().get(i)), each.votes().get(i));
        }
        turn(1);
      }
      List<String> answers = new ArrayList<>();
      for (Message each : broker.published(TOPICS.result("gate"))) {
        Result result = new ResultCodec().decode(each.payload());
        answers.add(
            PICTURES.get(answers.size()).label() + " " + result.answer().orElseThrow().name());
      }
      return answers;
    }
  }

  private static Author author(VariantManifest of) {
    return author(of.id(), "board-" + of.id(), of.alpha(), of.inputSize(), set.classes());
  }

  private static Author author(
      String variant, String worker, double alpha, int input, List<String> classes) {
    long digest = Digests.prefix(Digests.ofClasses(classes));
    return new Author(variant, worker, 1, alpha, input, classes.size(), digest, 1);
  }

  private static long right(List<String> answers) {
    return answers.stream()
        .filter(each -> each.split(" ", 2)[0].equals(each.split(" ", 2)[1]))
        .count();
  }

  @Test
  void answers_withAStrangerThatVotesFirst_areUnchanged() throws Exception {
    List<String> alone = new Site().answers();
    assertEquals(PICTURES.size(), alone.size());
    assertTrue(right(alone) > 0.8 * PICTURES.size(), alone::toString);

    Author otherSet = author("V1", "stranger", .35, 224, PLANTS);
    Author heavy = author("V5", "stranger", 16, 4096, set.classes());
    Author heavyAndNew = author("V6", "stranger", 16, 4096, set.classes());
    for (Author each : List.of(otherSet, heavy, heavyAndNew)) {
      assertEquals(alone, new Site(each).answers(), each::toString);
    }
  }
}
