package chorale.protocol.bus;

import chorale.protocol.Message;
import chorale.protocol.Ticker;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/**
 * A bus with nobody else on it. A service handles made-up requests there before it connects to its
 * broker, so that Java has loaded and compiled the code on a request's path when the first real one
 * comes. Used by the service's thread.
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
   * @param requests the messages that make up the request of a number, from 0
   * @param isAnswer whether the service answers a request by a message; each has one answer
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
   * Requests until two rounds in a row are hardly faster than the fastest before, for about a
   * second at most, or until one is not answered.
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

  /** Where everything is published and nobody hears it. */
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
