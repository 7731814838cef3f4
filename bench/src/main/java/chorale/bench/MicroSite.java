package chorale.bench;

import chorale.aggregator.Aggregator;
import chorale.config.AggregatorSettings;
import chorale.evaluation.measurement.MeasurementException;
import chorale.protocol.Assignment;
import chorale.protocol.Bytes;
import chorale.protocol.Calibration;
import chorale.protocol.Digests;
import chorale.protocol.Message;
import chorale.protocol.Ranked;
import chorale.protocol.Reply;
import chorale.protocol.ReplyCodec;
import chorale.protocol.RequestKey;
import chorale.protocol.Role;
import chorale.protocol.StatusCodec;
import chorale.protocol.Strategy;
import chorale.protocol.Topics;
import chorale.protocol.Topics.StatusKind;
import chorale.protocol.WorkerInfo;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.ServiceEndedException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One request and its five replies as they travel, and an aggregator without a broker that hears
 * them. For the micro-benchmarks; one owning thread.
 */
final class MicroSite {
  static final List<Integer> INPUTS = List.of(96, 128, 160, 192, 224);

  private static final Topics TOPICS = new Topics("home");
  private static final String CAMERA = "gate";
  private static final List<String> CLASSES =
      List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "x");

  private final Message frame;
  private final List<Message> replies = new ArrayList<>();

  MicroSite(Bytes image) {
    RequestKey key = RequestKey.of(CAMERA, Bytes.EMPTY, image);
    ReplyCodec codec = new ReplyCodec();
    frame = Message.of(TOPICS.image(CAMERA), image);
    for (int variant = 1; variant <= INPUTS.size(); variant++) {
      Reply.Outcome topk =
          new Reply.Outcome.TopK(
              List.of(new Ranked(3, .5 + .05 * variant), new Ranked(variant + 3, .1)));
      Reply reply = new Reply(key, CAMERA, author(variant), topk, 1500, 20);
      String topic = TOPICS.reply(CAMERA, author(variant).variant(), author(variant).worker());
      replies.add(Message.of(topic, codec.encode(reply)));
    }
  }

  Message frame() {
    return frame;
  }

  /**
   * @param variant from 1 on
   */
  Message replyMessage(int variant) {
    return replies.get(variant - 1);
  }

  Bytes reply(int variant) {
    return replyMessage(variant).payload();
  }

  /** What an aggregator makes of it. */
  Bytes result() throws MeasurementException {
    try {
      Running aggregator = aggregator();
      aggregator.deliver(frame);
      replies.forEach(aggregator::deliver);
      var unused = aggregator.turn(1);
      return aggregator.last;
    } catch (ServiceEndedException e) {
      throw new MeasurementException(e.getMessage(), e);
    }
  }

  private static Reply.Author author(int variant) {
    long digest = Digests.prefix(Digests.ofClasses(CLASSES));
    return new Reply.Author(
        "V" + variant,
        "board-" + variant,
        7,
        .35,
        INPUTS.get(variant - 1),
        CLASSES.size(),
        digest,
        99);
  }

  /** With five workers that it knows; decides when all have voted, as that is the most work. */
  static Running aggregator() throws ServiceEndedException {
    Running running = new Running();
    running.aggregator =
        new Aggregator(
            new AggregatorSettings(
                "bench",
                "scaled-sum",
                Duration.ofSeconds(60),
                2,
                0,
                false,
                1000,
                1000,
                List.of(),
                Duration.ofDays(1),
                Strategy.VARIANT),
            TOPICS,
            new Aggregator.Dependencies(
                (session, inbox) -> running,
                new ReplyCodec(),
                System::nanoTime,
                Clock.systemUTC(),
                7,
                "bench"));
    StatusCodec status = new StatusCodec();
    for (int variant = 1; variant <= INPUTS.size(); variant++) {
      Reply.Author author = author(variant);
      WorkerInfo info =
          new WorkerInfo(
              author,
              "animals",
              CLASSES,
              1,
              1,
              new Calibration(List.of(0.0, 1.0), List.of(0.0, 1.0)),
              Assignment.VARIANT,
              "bench");
      running.deliver(
          Message.retained(
              TOPICS.status(Role.WORKER, author.worker(), StatusKind.INFO), status.encode(info)));
      running.deliver(
          Message.retained(
              TOPICS.status(Role.WORKER, author.worker(), StatusKind.AVAILABILITY),
              StatusCodec.ONLINE));
    }
    var unused = running.aggregator.runOnce();
    running.results = 0;
    return running;
  }

  /** An aggregator, and the bus that it publishes on, which keeps the last result. */
  static final class Running implements Bus {
    private static final CompletionStage<Void> DONE = CompletableFuture.completedFuture(null);

    private Aggregator aggregator;
    private Bytes last = Bytes.EMPTY;
    private long results;

    void deliver(Message message) {
      aggregator.inbox().offer(new BusEvent.Delivered(message, System.nanoTime()));
    }

    /**
     * Drains the inbox.
     *
     * @throws IllegalStateException there were not so many results: it would not be what was to be
     *     measured
     */
    long turn(int expected) throws ServiceEndedException {
      long before = results;
      while (aggregator.inbox().size() > 0) {
        var unused = aggregator.runOnce();
      }
      if (results - before != expected) {
        throw new IllegalStateException((results - before) + " results, not " + expected);
      }
      return results;
    }

    @Override
    public CompletionStage<Void> publish(Message message) {
      last = message.payload();
      results++;
      return DONE;
    }

    @Override
    public boolean isConnected() {
      return true;
    }

    @Override
    public void close() {}
  }
}
