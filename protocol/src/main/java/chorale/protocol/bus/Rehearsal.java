package chorale.protocol.bus;

import chorale.protocol.Message;
import chorale.protocol.Ticker;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/**
 * A warm-up for the JVM: before a service connects to its broker, it handles synthetic requests on
 * a bus without other clients. Java has then loaded and compiled the code when the first real
 * request arrives. Used by the service's thread.
 */
public final class Rehearsal {
  private static final int ROUND = 10;
  private static final int STEADY_ROUNDS = 2;
  private static final double FASTER = .8;
  private static final long LONGEST_NANOS = 1_000_000_000L;

  private final IntFunction<List<Message>> requests;
  private final Predicate<Message> isAnswer;
  private final Ticker ticker;
  private final long begunNanos;

  private int requested;
  private int answered;

  /**
   * @param requests returns the messages of the request with a number, from 0
   * @param isAnswer whether a published message answers a request; each request has one answer
   */
  public Rehearsal(
      IntFunction<List<Message>> requests, Predicate<Message> isAnswer, Ticker ticker) {
    this.requests = requests;
    this.isAnswer = isAnswer;
    this.ticker = ticker;
    this.begunNanos = ticker.nanos();
  }

  public BusFactory buses() {
    return (session, inbox) -> {
      inbox.offer(new BusEvent.Connected());
      inbox.offer(new BusEvent.Subscribed());
      return new Silence();
    };
  }

  /**
   * Sends requests until two rounds in a row are hardly faster than the fastest so far, for about 1
   * s at most.
   *
   * @param service opened on {@link #buses}
   */
  public void run(Service service) throws ServiceEndedException, InterruptedException {
    long fastest = Long.MAX_VALUE;
    for (int steady = 0; steady < STEADY_ROUNDS && isTimeLeft(); ) {
      long begun = ticker.nanos();
      for (int i = 0; i < ROUND && isTimeLeft(); i++) {
        request(service);
      }
      long took = ticker.nanos() - begun;
      steady = took < FASTER * fastest ? 0 : steady + 1;
      fastest = Math.min(fastest, took);
    }
  }

  private boolean isTimeLeft() {
    return ticker.nanos() - begunNanos < LONGEST_NANOS;
  }

  private void request(Service service) throws ServiceEndedException, InterruptedException {
    for (Message message : requests.apply(requested)) {
      service.inbox().offer(new BusEvent.Delivered(message, ticker.nanos()));
    }
    requested++;
    while (answered < requested && isTimeLeft()) {
      long nanos = service.runOnce();
      if (answered < requested) {
        service.inbox().await(Math.min(nanos, begunNanos + LONGEST_NANOS - ticker.nanos()));
      }
    }
  }

  /** A bus without a broker, which only counts answers. */
  private final class Silence implements Bus {
    @Override
    public CompletionStage<Void> publish(Message message) {
      answered += isAnswer.test(message) ? 1 : 0;
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void discardWaiting() {}

    @Override
    public boolean isConnected() {
      return true;
    }

    @Override
    public void close() {}
  }
}
