package chorale.dashboard;

import chorale.config.DashboardSettings;
import chorale.monitoring.Question;
import chorale.protocol.Address;
import chorale.protocol.Bytes;
import chorale.protocol.Limits;
import chorale.protocol.MalformedException;
import chorale.protocol.Message;
import chorale.protocol.RequestKey;
import chorale.protocol.Ticker;
import chorale.protocol.Topics;
import chorale.protocol.TrustCodec;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Service;
import chorale.protocol.bus.ServiceEndedException;
import chorale.protocol.bus.Session;
import chorale.protocol.bus.Subscription;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * The service behind the page: it follows a site on one connection and keeps every open page up to
 * date. One thread owns its state; {@link #open}, {@link #openTabs}, {@link #tryPicture}, {@link
 * #snapshot}, {@link #metrics}, {@link #pictures} and {@link #isConnected} are for the threads of
 * the web server.
 *
 * <p>Changes are sent together: at most every {@value #BATCH_MILLIS} ms in all, every {@value
 * #CARD_MILLIS} ms per camera, and every {@value #SERVICE_MILLIS} ms per board or aggregator.
 * Without changes, the time is sent every {@value #BEAT_MILLIS} ms, which lets a page detect a dead
 * connection.
 */
public final class Dashboard implements Service {
  /** Maximum number of open pages. */
  public static final int MAX_TABS = 32;

  static final int BATCH_MILLIS = 50;
  static final int CARD_MILLIS = 250;
  static final int SERVICE_MILLIS = 1_000;
  static final int BEAT_MILLIS = 2_000;

  /** Minimum interval of a camera's thumbnails, with and without an open page. */
  private static final int PICTURE_MILLIS = 1_000;

  private static final int IDLE_PICTURE_MILLIS = 15_000;

  /** Interval of turns while changed cards are not yet due. */
  private static final int CARD_TURN_MILLIS = 20;

  private static final int MAX_CHECKS = 64;
  private static final int MAX_EVENTS_A_TURN = 256;
  private static final int MAX_MESSAGES = 10_000;
  private static final long MAX_BYTES = 16L << 20;

  private final Topics topics;
  private final Ticker ticker;
  private final Clock clock;
  private final Inbox inbox = new Inbox(MAX_MESSAGES, MAX_BYTES);
  private final Bus bus;

  private final SiteState site;
  private final Tries tries;
  private final PictureDesk pictures;

  /** Keys of announced check frames, which repeat old images. */
  private final Set<RequestKey> checks = new LinkedHashSet<>();

  private final TrustCodec codec = new TrustCodec();

  private final ConcurrentLinkedQueue<Tab> newTabs = new ConcurrentLinkedQueue<>();
  private final AtomicInteger tabCount = new AtomicInteger();
  private final List<Tab> tabs = new ArrayList<>();
  private final long startedNanos;
  private final Question<SiteSnapshot> question;
  private long sentNanos;

  /**
   * The dependencies of the service.
   *
   * @param pictureThread runs one task at a time; a task can take seconds
   * @param broker address of the broker, for display
   */
  public record Dependencies(
      BusFactory buses,
      Ticker ticker,
      Clock clock,
      Executor pictureThread,
      RandomGenerator random,
      String broker) {}

  public Dashboard(DashboardSettings settings, Topics topics, Dependencies dependencies) {
    this.topics = topics;
    this.ticker = dependencies.ticker();
    this.clock = dependencies.clock();
    this.startedNanos = ticker.nanos();
    this.sentNanos = startedNanos;
    this.site = new SiteState(topics, dependencies.broker(), clock.millis());
    this.question = new Question<>(site::snapshot, inbox::wake);
    this.tries = new Tries(settings.name(), topics, dependencies.random());
    this.pictures =
        new PictureDesk(
            SiteState.MAX_CAMERAS, clock.millis(), dependencies.pictureThread(), inbox::wake);
    String clientId =
        "chorale-dashboard-" + settings.name() + '-' + hex(dependencies.random().nextInt());
    this.bus = dependencies.buses().open(Session.of(clientId, subscriptions(settings)), inbox);
  }

  private static String hex(int number) {
    return "%08x".formatted(number);
  }

  private List<Subscription> subscriptions(DashboardSettings settings) {
    List<Subscription> all = SiteState.subscriptions(topics);
    if (settings.pictures()) {
      all.add(Subscription.optional(topics.checkFilter()));
      all.add(Subscription.optional(topics.imageFilter()));
    }
    return all;
  }

  @Override
  public long runOnce() throws ServiceEndedException {
    for (int i = 0; i < MAX_EVENTS_A_TURN; i++) {
      Optional<BusEvent> next = inbox.poll();
      if (next.isEmpty()) {
        break;
      }
      event(next.get());
    }
    pictures.takeDone().forEach(site::picture);
    site.evictedCameras().forEach(pictures::forget);
    Optional<HourHistory.Step> step = site.closeStep(clock.millis());
    if (step.isPresent() || isDue(BATCH_MILLIS)) {
      send(step);
    }
    welcome();
    question.turn();
    return inbox.size() > 0 ? 0 : untilDue();
  }

  private void event(BusEvent event) throws ServiceEndedException {
    long now = clock.millis();
    if (event instanceof BusEvent.Connected) {
      site.connected(now);
    } else if (event instanceof BusEvent.Disconnected lost) {
      site.disconnected(now, lost.reason());
    } else if (event instanceof BusEvent.Ended ended) {
      throw new ServiceEndedException(ended.reason());
    } else if (event instanceof BusEvent.Delivered delivered) {
      message(delivered.message(), now);
    }
  }

  private void message(Message message, long now) {
    Address address = topics.parse(message.topic());
    if (address instanceof Address.Image of) {
      frame(of.camera(), message, now);
    } else if (address instanceof Address.Check) {
      check(message);
    } else {
      site.hear(message, now).ifPresent(tries::result);
    }
  }

  private void frame(String camera, Message message, long now) {
    if (!message.retain() && message.payload().size() <= Limits.MAX_IMAGE_BYTES) {
      int spacing = tabs.isEmpty() ? IDLE_PICTURE_MILLIS : PICTURE_MILLIS;
      if (site.frame(camera, now, spacing) && !isCheck(camera, message)) {
        pictures.frame(camera, message.payload(), now);
      }
    }
  }

  /** Handles the notice of a check, which repeats an old frame. */
  private void check(Message message) {
    try {
      checks.add(codec.decodeNotice(message.payload()).key());
      if (checks.size() > MAX_CHECKS) {
        checks.remove(checks.iterator().next());
      }
    } catch (MalformedException e) {
      site.malformed();
    }
  }

  private boolean isCheck(String camera, Message frame) {
    return !checks.isEmpty()
        && checks.contains(
            RequestKey.of(camera, frame.properties().correlation(), frame.payload()));
  }

  private boolean isDue(int millis) {
    return ticker.nanos() - sentNanos >= TimeUnit.MILLISECONDS.toNanos(millis);
  }

  private void send(Optional<HourHistory.Step> step) {
    tabs.removeIf(
        tab -> {
          if (tab.isClosed()) {
            tabCount.decrementAndGet();
          }
          return tab.isClosed();
        });
    Optional<Bytes> event = site.changes(ticker.nanos(), clock.millis(), step, isDue(BEAT_MILLIS));
    if (event.isPresent()) {
      sentNanos = ticker.nanos();
      tabs.forEach(tab -> tab.put(event.get()));
    }
  }

  /** Sends the full state to new pages; later events have only changes. */
  private void welcome() {
    for (Tab tab = newTabs.poll(); tab != null; tab = newTabs.poll()) {
      tab.put(site.everything(clock.millis(), tab.pictures()));
      tabs.add(tab);
    }
  }

  private long untilDue() {
    int millis = site.hasChanged() ? BATCH_MILLIS : BEAT_MILLIS;
    long wait = TimeUnit.MILLISECONDS.toNanos(millis) - (ticker.nanos() - sentNanos);
    return Math.max(TimeUnit.MILLISECONDS.toNanos(CARD_TURN_MILLIS), wait);
  }

  /**
   * Opens a page, which receives the full state first; empty if {@value #MAX_TABS} are open. The
   * caller must close it.
   *
   * @param pictures whether its viewer may see the cameras' thumbnails
   */
  public Optional<Tab> open(boolean pictures) {
    if (tabCount.incrementAndGet() > MAX_TABS) {
      tabCount.decrementAndGet();
      return Optional.empty();
    }
    Tab tab = new Tab(pictures);
    newTabs.add(tab);
    inbox.wake();
    return Optional.of(tab);
  }

  /**
   * Publishes an image as a camera would.
   *
   * @return completes with the result, or exceptionally if the image cannot be sent; cancel it when
   *     it is no longer needed; empty if too many requests are open
   */
  public Optional<CompletableFuture<Bytes>> tryPicture(Bytes image) {
    return tries.begin(image, bus);
  }

  /** Returns the number of open pages. */
  public int openTabs() {
    return tabCount.get();
  }

  /**
   * Returns the current state.
   *
   * @throws TimeoutException if the dashboard's thread does not respond
   */
  public SiteSnapshot snapshot() throws TimeoutException, InterruptedException {
    return question.ask();
  }

  /** Returns a snapshot and this dashboard's own metrics in Prometheus' text format. */
  public Bytes metrics(SiteSnapshot snapshot) {
    long seconds = TimeUnit.NANOSECONDS.toSeconds(ticker.nanos() - startedNanos);
    return site.metrics().text(snapshot, openTabs(), seconds);
  }

  public PictureDesk pictures() {
    return pictures;
  }

  public boolean isConnected() {
    return bus.isConnected();
  }

  @Override
  public Inbox inbox() {
    return inbox;
  }

  @Override
  public void close() {
    bus.close();
    tabs.forEach(Tab::close);
  }
}
