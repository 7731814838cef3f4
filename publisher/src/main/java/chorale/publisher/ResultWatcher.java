package chorale.publisher;

import chorale.protocol.Bytes;
import chorale.protocol.MalformedException;
import chorale.protocol.Result;
import chorale.protocol.ResultCodec;
import chorale.protocol.Topics;
import chorale.protocol.bus.Bus;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.Inbox;
import chorale.protocol.bus.Service;
import chorale.protocol.bus.ServiceEndedException;
import chorale.protocol.bus.Session;
import chorale.protocol.bus.Subscription;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A reader of results, of one camera or of a whole site, starting with the retained ones. One
 * thread owns it. Messages that are not results are counted and skipped.
 */
public final class ResultWatcher implements Service {
  private static final System.Logger LOG = System.getLogger(ResultWatcher.class.getName());

  private final Listener listener;
  private final ResultCodec codec = new ResultCodec();
  private final Inbox inbox = new Inbox(10_000, 64L << 20);
  private final Bus bus;
  private boolean subscribed;
  private long malformed;

  /** A listener for results, called on the watcher's thread. */
  @FunctionalInterface
  public interface Listener {
    /**
     * @param payload as received, possibly with fields unknown to this version
     */
    void result(Result result, Bytes payload);
  }

  /**
   * The cameras whose results are read.
   *
   * @param camera absent for all cameras of the site
   */
  public record Scope(Topics topics, Optional<String> camera) {
    String filter() {
      return camera.map(topics::result).orElseGet(topics::resultFilter);
    }
  }

  /**
   * @param clientId unique among all clients
   */
  public ResultWatcher(Scope scope, BusFactory buses, String clientId, Listener listener) {
    this.listener = listener;
    this.bus =
        buses.open(Session.of(clientId, List.of(Subscription.withRetained(scope.filter()))), inbox);
  }

  @Override
  public long runOnce() throws ServiceEndedException {
    for (Optional<BusEvent> next = inbox.poll(); next.isPresent(); next = inbox.poll()) {
      BusEvent event = next.get();
      if (event instanceof BusEvent.Delivered delivered) {
        result(delivered.message().payload());
      } else if (event instanceof BusEvent.Subscribed) {
        subscribed = true;
      } else if (event instanceof BusEvent.Disconnected gone) {
        if (subscribed) {
          LOG.log(Level.WARNING, "connection lost: {0}", gone.reason());
        }
        subscribed = false;
      } else if (event instanceof BusEvent.Ended ended) {
        throw new ServiceEndedException(ended.reason());
      }
    }
    return TimeUnit.HOURS.toNanos(1);
  }

  private void result(Bytes payload) {
    try {
      listener.result(codec.decode(payload), payload);
    } catch (MalformedException e) {
      malformed++;
      LOG.log(Level.DEBUG, "not a result: {0}", e.getMessage());
    }
  }

  public long malformed() {
    return malformed;
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
