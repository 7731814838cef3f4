package chorale.publisher;

import chorale.config.PublisherSettings;
import chorale.protocol.Bytes;
import chorale.protocol.Limits;
import chorale.protocol.MalformedException;
import chorale.protocol.Message;
import chorale.protocol.MessageProperties;
import chorale.protocol.RequestKey;
import chorale.protocol.RequestRules;
import chorale.protocol.Result;
import chorale.protocol.ResultCodec;
import chorale.protocol.Ticker;
import chorale.protocol.Topics;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.BusEvent.Delivered;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Service;
import chorale.protocol.bus.ServiceEndedException;
import chorale.protocol.bus.Session;
import chorale.protocol.bus.Subscription;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A camera: publishes the images of a source at a given rate, and tracks each request until its
 * result arrives. One thread owns it; other threads use only {@link #inbox}.
 *
 * <p>Each frame carries unique correlation data. Publishing the same image twice thus makes two
 * requests, while publishing a frame again repeats its request: if a result was lost, the
 * aggregator sends it again, marked repeated. A request ends exactly once: with its result, or as
 * lost after {@value #MAX_PUBLISHED} frames without a result.
 */
public final class Publisher implements Service {
  /** The first frame and two repeats. */
  static final int MAX_PUBLISHED = 3;

  /** Wait beyond the budget before a frame is published again. */
  static final Duration SILENCE = Duration.ofSeconds(2);

  /** Wait after the last result, to detect duplicates. */
  static final Duration LINGER = Duration.ofMillis(250);

  /** Finished requests to remember: they distinguish duplicates from other cameras' results. */
  private static final int REMEMBERED = 16_384;

  /** Maximum number of names kept for {@link #otherFolders}. */
  private static final int MAX_OTHER_FOLDERS = 100;

  private static final int INBOX_MESSAGES = 10_000;
  private static final long INBOX_BYTES = 64L << 20;
  private static final long LONG_NANOS = TimeUnit.HOURS.toNanos(1);
  private static final System.Logger LOG = System.getLogger(Publisher.class.getName());

  // set once
  private final PublisherSettings settings;
  private final Dependencies dependencies;
  private final ImageSource source;
  private final PublishListener listener;
  private final PublisherFleet fleet;
  private final ResultCodec codec = new ResultCodec();
  private final Inbox inbox = new Inbox(INBOX_MESSAGES, INBOX_BYTES);
  private final Bus bus;
  private final String resultTopic;
  private final int budgetMillis;

  /** Set by the adapter's thread. */
  private final AtomicReference<Throwable> refused = new AtomicReference<>();

  // changes during the run
  private final Map<RequestKey, Open> open = new LinkedHashMap<>();
  private final Set<RequestKey> finished = new LinkedHashSet<>();
  private final NavigableSet<String> otherFolders = new TreeSet<>();
  private final RunStatistics tally = new RunStatistics();
  private boolean subscribed;
  private boolean sourceEnded;
  private boolean silent;
  private int counter;
  private long strangers;
  private long nextFrameNanos;
  private long sourceNanos;
  private long lastFinishedNanos;

  /**
   * The dependencies of a publisher besides its settings.
   *
   * @param session differs between any two runs
   */
  public record Dependencies(Topics topics, BusFactory buses, Ticker ticker, int session) {}

  /** A request without its result. */
  private static final class Open {
    final Image image;
    final Message frame;
    final long publishedNanos;
    long silentNanos;
    int published = 1;

    Open(Image image, Message frame, long publishedNanos) {
      this.image = image;
      this.frame = frame;
      this.publishedNanos = publishedNanos;
    }
  }

  public Publisher(
      PublisherSettings settings,
      Dependencies dependencies,
      ImageSource source,
      PublishListener listener) {
    this.settings = settings;
    this.dependencies = dependencies;
    this.source = source;
    this.listener = listener;
    this.fleet =
        new PublisherFleet(
            dependencies.topics(),
            dependencies.ticker(),
            settings.rightSize()
                ? Optional.of(new RightSize(settings.quality()))
                : Optional.empty());
    this.resultTopic = dependencies.topics().result(settings.camera());
    this.budgetMillis =
        settings
            .deadline()
            .map(budget -> Math.toIntExact(budget.toMillis()))
            .orElse(Limits.DEFAULT_BUDGET_MILLIS);
    this.nextFrameNanos = dependencies.ticker().nanos();
    this.sourceNanos = nextFrameNanos;
    this.lastFinishedNanos = nextFrameNanos;
    this.bus =
        dependencies
            .buses()
            .open(Session.of("chorale-publisher-" + settings.camera(), subscriptions()), inbox);
  }

  private List<Subscription> subscriptions() {
    List<Subscription> all = new ArrayList<>(List.of(Subscription.live(resultTopic)));
    all.addAll(fleet.subscriptions());
    return all;
  }

  @Override
  public long runOnce() throws ServiceEndedException {
    drain();
    warnOfRefusal();
    if (!subscribed) {
      return LONG_NANOS;
    }
    publishSilentAgain();
    publishNew();
    return untilNextTurn();
  }

  private void drain() throws ServiceEndedException {
    for (Optional<BusEvent> next = inbox.poll(); next.isPresent(); next = inbox.poll()) {
      BusEvent event = next.get();
      fleet.hear(event);
      if (event instanceof Delivered delivered) {
        result(delivered);
      } else if (event instanceof BusEvent.Subscribed) {
        subscribed = true;
      } else if (event instanceof BusEvent.Disconnected gone) {
        if (subscribed) {
          LOG.log(Level.WARNING, "connection lost, publishing pauses: {0}", gone.reason());
        }
        subscribed = false;
      } else if (event instanceof BusEvent.Ended ended) {
        throw new ServiceEndedException(ended.reason());
      }
    }
  }

  private void result(Delivered delivered) {
    Message message = delivered.message();
    if (message.retain() || !message.topic().equals(resultTopic)) {
      return;
    }
    Result result;
    try {
      result = codec.decode(message.payload());
    } catch (MalformedException e) {
      LOG.log(Level.DEBUG, "not a result on {0}: {1}", resultTopic, e.getMessage());
      strangers++;
      return;
    }
    Open request = open.get(result.requestId());
    if (request != null) {
      finish(result.requestId(), request, Optional.of(result), delivered.arrivedNanos());
    } else if (!finished.contains(result.requestId())) {
      strangers++;
    } else if (!result.repeated()) {
      tally.duplicate();
    }
  }

  private void finish(RequestKey key, Open request, Optional<Result> result, long finishedNanos) {
    open.remove(key);
    remember(key);
    if (result.isPresent()) {
      silent = false;
    }
    lastFinishedNanos = dependencies.ticker().nanos();
    Outcome outcome =
        new Outcome(
            request.image.name(),
            request.image.label().filter(this::isClass),
            result,
            Math.max(0, finishedNanos - request.publishedNanos),
            request.published);
    tally.finished(outcome);
    listener.finished(outcome);
  }

  private boolean isClass(String folder) {
    boolean known = fleet.isClass(folder);
    if (!known && otherFolders.size() < MAX_OTHER_FOLDERS) {
      otherFolders.add(folder);
    }
    return known;
  }

  private void remember(RequestKey key) {
    finished.add(key);
    if (finished.size() > REMEMBERED) {
      Iterator<RequestKey> oldest = finished.iterator();
      oldest.next();
      oldest.remove();
    }
  }

  private void warnOfRefusal() {
    Throwable cause = refused.getAndSet(null);
    if (cause != null) {
      LOG.log(Level.WARNING, "a frame was not published: {0}", cause.getMessage());
    }
  }

  private void publishSilentAgain() {
    long now = dependencies.ticker().nanos();
    for (Map.Entry<RequestKey, Open> each : List.copyOf(open.entrySet())) {
      Open request = each.getValue();
      if (now - request.silentNanos < 0) {
        continue;
      }
      if (request.published == MAX_PUBLISHED) {
        finish(each.getKey(), request, Optional.empty(), now);
        continue;
      }
      if (!silent) {
        silent = true;
        LOG.log(
            Level.WARNING,
            "no result on {0} for {1} ms, publishing again; is an aggregator running?",
            resultTopic,
            String.valueOf(budgetMillis + SILENCE.toMillis()));
      }
      request.published++;
      send(request, now);
    }
  }

  private void publishNew() {
    while (!sourceEnded && open.size() < settings.inFlight()) {
      long now = dependencies.ticker().nanos();
      if (now - nextFrameNanos < 0 || now - sourceNanos < 0 || fleet.untilReady() > 0) {
        return;
      }
      ImageSource.Next next = source.next();
      if (next instanceof ImageSource.Next.Ready ready) {
        publish(ready.image());
      } else if (next instanceof ImageSource.Next.Skipped skipped) {
        listener.skipped(skipped.name(), skipped.reason());
      } else if (next instanceof ImageSource.Next.Waiting waiting) {
        sourceNanos = now + waiting.nanos();
      } else {
        sourceEnded = true;
      }
    }
  }

  private void publish(Image image) {
    Optional<Bytes> fitted = fleet.fitted(image.content());
    Bytes content = fitted.orElse(image.content());
    if (content.size() > Limits.MAX_IMAGE_BYTES) {
      listener.skipped(image.name(), "larger than 4 MiB, and cannot be read to make it smaller");
      return;
    }
    Bytes correlation =
        Bytes.wrap(ByteBuffer.allocate(8).putInt(dependencies.session()).putInt(counter++).array());
    String contentType = fitted.isPresent() ? Image.JPEG : image.contentType();
    Message frame =
        Message.of(dependencies.topics().image(settings.camera()), content)
            .with(properties(contentType, correlation));
    long now = dependencies.ticker().nanos();
    Open request = new Open(image, frame, now);
    open.put(RequestKey.of(settings.camera(), Optional.of(correlation), content), request);
    tally.published(image.content().size(), content.size());
    send(request, now);

    // A small delay does not change the pace; a long one causes no burst.
    long interval = settings.interval().toNanos();
    nextFrameNanos = now - nextFrameNanos > interval ? now + interval : nextFrameNanos + interval;
  }

  private MessageProperties properties(String contentType, Bytes correlation) {
    MessageProperties properties =
        MessageProperties.NONE
            .withCorrelation(Optional.of(correlation))
            .withContentType(contentType)
            .withExpirySeconds((budgetMillis + 999) / 1_000);
    if (settings.deadline().isPresent()) {
      properties = properties.withUser(RequestRules.DEADLINE_MS, String.valueOf(budgetMillis));
    }
    if (settings.k().isPresent()) {
      properties = properties.withUser(RequestRules.K, String.valueOf(settings.k().get()));
    }
    return properties;
  }

  private void send(Open request, long now) {
    request.silentNanos = now + TimeUnit.MILLISECONDS.toNanos(budgetMillis) + SILENCE.toNanos();
    var unused =
        bus.publish(request.frame)
            .whenComplete(
                (nothing, failure) -> {
                  if (failure != null && refused.compareAndSet(null, failure)) {
                    inbox.wake();
                  }
                });
  }

  private long untilNextTurn() {
    long now = dependencies.ticker().nanos();
    long wait = LONG_NANOS;
    for (Open request : open.values()) {
      wait = Math.min(wait, request.silentNanos - now);
    }
    if (!sourceEnded && open.size() < settings.inFlight()) {
      wait =
          Math.min(
              wait,
              Math.max(fleet.untilReady(), Math.max(nextFrameNanos - now, sourceNanos - now)));
    }
    if (sourceEnded && open.isEmpty()) {
      wait = Math.min(wait, lastFinishedNanos + LINGER.toNanos() - now);
    }
    return Math.max(0, wait);
  }

  /** Returns whether all images are published, all requests finished, and the linger time over. */
  public boolean isFinished() {
    return sourceEnded
        && open.isEmpty()
        && dependencies.ticker().nanos() - lastFinishedNanos - LINGER.toNanos() >= 0;
  }

  /** Returns the totals so far. */
  public PublishReport report() {
    return tally.report();
  }

  /** Returns the folders that are no labels, because no worker has a class of that name. */
  public NavigableSet<String> otherFolders() {
    return otherFolders;
  }

  /** Returns the number of foreign or malformed results on the camera's topic. */
  public long strangers() {
    return strangers;
  }

  @Override
  public Inbox inbox() {
    return inbox;
  }

  @Override
  public void close() {
    bus.close();
  }
}
