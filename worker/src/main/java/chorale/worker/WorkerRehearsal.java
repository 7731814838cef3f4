package chorale.worker;

import chorale.protocol.Bytes;
import chorale.protocol.Message;
import chorale.protocol.bus.Rehearsal;
import chorale.protocol.bus.ServiceEndedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Answers made-up frames as a worker would, so that its first real one takes hardly longer than the
 * hundredth. Stateless.
 */
public final class WorkerRehearsal {
  /**
   * Rings of all colours, with the tables that most cameras use: as large as the publisher sends
   * them, and larger.
   */
  private static final List<String> PICTURES =
      List.of("rehearsal-224x224.jpg", "rehearsal-320x240.jpg");

  private WorkerRehearsal() {}

  /**
   * Returns after a second at most. A worker that hears no frames is not rehearsed.
   *
   * @param dependencies as of the worker that will be opened
   */
  public static void run(Worker.Dependencies dependencies, Engine engine, WorkerStrategy strategy)
      throws ServiceEndedException, InterruptedException {
    if (strategy.assignment().stage().index() > 1) {
      return;
    }
    List<Message> frames =
        PICTURES.stream()
            .map(each -> Message.of(dependencies.topics().image("rehearsal"), picture(each)))
            .toList();
    Rehearsal rehearsal =
        new Rehearsal(
            number -> List.of(frames.get(number % frames.size())),
            said -> !said.retain(),
            dependencies.ticker());
    try (Worker worker =
        new Worker(dependencies.withoutBoard(), engine, strategy, rehearsal.buses())) {
      rehearsal.run(worker);
    }
  }

  private static Bytes picture(String name) {
    try (InputStream in = WorkerRehearsal.class.getResourceAsStream(name)) {
      return Bytes.wrap(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(name + " in Chorale's own archive", e);
    }
  }
}
