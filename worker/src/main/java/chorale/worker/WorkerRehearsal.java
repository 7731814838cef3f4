package chorale.worker;

import chorale.protocol.Ask;
import chorale.protocol.AskCodec;
import chorale.protocol.Bytes;
import chorale.protocol.Limits;
import chorale.protocol.Message;
import chorale.protocol.RequestKey;
import chorale.protocol.Tier;
import chorale.protocol.Topics;
import chorale.protocol.bus.Rehearsal;
import chorale.protocol.bus.ServiceEndedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * A warm-up with synthetic frames before a worker connects, so that its first real frame takes
 * hardly longer than later ones. Stateless.
 */
public final class WorkerRehearsal {
  /**
   * Rings of all colors, compressed with the JPEG quantization and Huffman tables that most cameras
   * use: one image of the size that the publisher sends, and a larger one.
   */
  private static final List<String> PICTURES =
      List.of("rehearsal-224x224.jpg", "rehearsal-320x240.jpg");

  private static final String CAMERA = "rehearsal";

  private WorkerRehearsal() {}

  /**
   * Warms up for at most 1 s. Skipped for workers that receive tensors, not frames.
   *
   * @param dependencies those of the worker that will be opened
   */
  public static void run(Worker.Dependencies dependencies, Engine engine, WorkerStrategy strategy)
      throws ServiceEndedException, InterruptedException {
    if (strategy.assignment().stage().index() > 1) {
      return;
    }
    List<List<Message>> requests =
        PICTURES.stream()
            .map(
                each -> request(picture(each), dependencies.topics(), strategy.assignment().tier()))
            .toList();
    Rehearsal rehearsal =
        new Rehearsal(
            number -> requests.get(number % requests.size()),
            said -> !said.retain(),
            dependencies.ticker());
    try (Worker worker =
        new Worker(dependencies.withoutBoard(), engine, strategy, rehearsal.buses())) {
      rehearsal.run(worker);
    }
  }

  /** Returns a frame and, for a later tier, the ask that makes the worker answer it. */
  private static List<Message> request(Bytes picture, Topics topics, Tier tier) {
    Message frame = Message.of(topics.image(CAMERA), picture);
    if (tier.isFirst()) {
      return List.of(frame);
    }
    RequestKey key = RequestKey.of(CAMERA, Optional.empty(), picture);
    Ask ask = new Ask(key, Limits.DEFAULT_BUDGET_MILLIS);
    return List.of(frame, AskCodec.message(topics.ask(CAMERA, tier.number()), ask));
  }

  private static Bytes picture(String name) {
    try (InputStream in = WorkerRehearsal.class.getResourceAsStream(name)) {
      return Bytes.wrap(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + name + " from Chorale's own archive", e);
    }
  }
}
