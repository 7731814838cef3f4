package chorale.protocol.bus;

import chorale.protocol.Message;
import chorale.protocol.Qos;
import chorale.protocol.Ticker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A strict fake of an MQTT broker and its clients in one process, with retained messages, last
 * wills, take-over of client ids, lost connections and bounded outboxes. Delivery is synchronous
 * and in order. Arrival times come from the given ticker. Nothing happens unless a test calls it.
 * Thread-safe.
 */
public final class MemoryBroker {
  private static final int OUTBOX = 1000;

  private final Ticker ticker;
  private final Map<String, Client> clients = new LinkedHashMap<>();
  private final Map<String, Message> retained = new LinkedHashMap<>();
  private final List<Message> published = new ArrayList<>();
  private boolean up = true;

  public MemoryBroker(Ticker ticker) {
    this.ticker = ticker;
  }

  public BusFactory factory() {
    return (session, inbox) -> {
      synchronized (this) {
        Client old = clients.get(session.clientId());
        if (old != null) {
          old.takenOver();
        }
        Client client = new Client(session, inbox);
        clients.put(session.clientId(), client);
        if (up) {
          client.connect();
        }
        return client;
      }
    };
  }

  /**
   * Breaks the client's connection, publishes its last will, and blocks reconnects until restored.
   */
  public synchronized void cut(String clientId) {
    client(clientId).lose("connection lost");
  }

  public synchronized void restore(String clientId) {
    client(clientId).connect();
  }

  /**
   * Crashes the broker: disconnects all clients, publishes no last will, loses retained messages.
   */
  public synchronized void stop() {
    up = false;
    retained.clear();
    for (Client client : clients.values()) {
      client.drop("broker stopped");
    }
  }

  public synchronized void start() {
    up = true;
    for (Client client : List.copyOf(clients.values())) {
      client.connect();
    }
  }

  /** Publishes as a client outside Chorale. */
  public synchronized void publish(Message message) {
    route(message, null);
  }

  /** Returns all messages published so far, in order. */
  public synchronized List<Message> published() {
    return List.copyOf(published);
  }

  public synchronized List<Message> published(String topic) {
    return published.stream().filter(message -> message.topic().equals(topic)).toList();
  }

  private Client client(String clientId) {
    Client client = clients.get(clientId);
    if (client == null) {
      throw new IllegalArgumentException("no client " + clientId + " among " + clients.keySet());
    }
    return client;
  }

  private void route(Message message, Client from) {
    if (message.topic().contains("+") || message.topic().contains("#")) {
      throw new IllegalArgumentException("wildcard in the topic " + message.topic());
    }
    published.add(message);
    if (message.retain()) {
      if (message.payload().isEmpty()) {
        retained.remove(message.topic());
      } else {
        retained.put(message.topic(), message);
      }
    }
    for (Client client : List.copyOf(clients.values())) {
      client.deliverLive(message, client == from);
    }
  }

  /** Returns whether a filter matches a topic (MQTT 5.0, section 4.7). */
  public static boolean matches(String filter, String topic) {
    String[] want = filter.split("/", -1);
    String[] have = topic.split("/", -1);
    for (int i = 0; i < want.length; i++) {
      if (want[i].equals("#")) {
        return true;
      }
      if (i >= have.length || !(want[i].equals("+") || want[i].equals(have[i]))) {
        return false;
      }
    }
    return want.length == have.length;
  }

  private final class Client implements Bus {
    private final Session session;
    private final Inbox inbox;
    private final ArrayDeque<Waiting> outbox = new ArrayDeque<>();
    private boolean connected;
    private boolean closed;

    private record Waiting(Message message, CompletableFuture<Void> done) {}

    private Client(Session session, Inbox inbox) {
      this.session = session;
      this.inbox = inbox;
    }

    private void connect() {
      if (closed || connected || !up) {
        return;
      }
      inbox.offer(new BusEvent.Connected());
      connected = true;
      for (Subscription subscription : session.subscriptions()) {
        if (subscription.retained()) {
          for (Message kept : List.copyOf(retained.values())) {
            if (matches(subscription.filter(), kept.topic())) {
              inbox.offer(new BusEvent.Delivered(kept, ticker.nanos()));
            }
          }
        }
      }
      for (Message birth : session.births()) {
        route(birth, this);
      }
      inbox.offer(new BusEvent.Subscribed());
      while (!outbox.isEmpty()) {
        Waiting waiting = outbox.removeFirst();
        route(waiting.message(), this);
        waiting.done().complete(null);
      }
    }

    private void deliverLive(Message message, boolean own) {
      if (!connected) {
        return;
      }
      for (Subscription subscription : session.subscriptions()) {
        if (matches(subscription.filter(), message.topic()) && (subscription.own() || !own)) {
          Message live =
              new Message(
                  message.topic(), message.payload(), message.qos(), false, message.properties());
          inbox.offer(new BusEvent.Delivered(live, ticker.nanos()));
          return;
        }
      }
    }

    private void lose(String reason) {
      if (connected) {
        drop(reason);
        session.will().ifPresent(will -> route(will, null));
      }
    }

    private void drop(String reason) {
      if (connected) {
        connected = false;
        inbox.offer(new BusEvent.Disconnected(reason));
      }
    }

    private void takenOver() {
      lose("taken over");
    }

    @Override
    public CompletionStage<Void> publish(Message message) {
      synchronized (MemoryBroker.this) {
        if (connected) {
          route(message, this);
          return CompletableFuture.completedFuture(null);
        }
        if (closed || message.qos() == Qos.AT_MOST_ONCE || outbox.size() >= OUTBOX) {
          return CompletableFuture.failedFuture(
              new PublishException(outbox.size() >= OUTBOX ? "outbox full" : "not connected"));
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        outbox.addLast(new Waiting(message, done));
        return done;
      }
    }

    @Override
    public void discardWaiting() {
      synchronized (MemoryBroker.this) {
        for (Waiting waiting : List.copyOf(outbox)) {
          outbox.remove(waiting);
          waiting.done().completeExceptionally(new PublishException("discarded"));
        }
      }
    }

    @Override
    public boolean isConnected() {
      synchronized (MemoryBroker.this) {
        return connected;
      }
    }

    @Override
    public void close() {
      synchronized (MemoryBroker.this) {
        if (closed) {
          return;
        }
        lose("closed");
        closed = true;
        clients.remove(session.clientId(), this);
      }
    }
  }
}
