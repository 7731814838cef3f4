package chorale.bench;

import java.util.ArrayDeque;
import java.util.Deque;

/** A stack of resources that are closed together, the newest first. Owned by one thread. */
final class ResourceStack implements AutoCloseable {
  private final Deque<AutoCloseable> resources = new ArrayDeque<>();

  /** Adds a resource, which this stack closes, and returns it. */
  <T extends AutoCloseable> T add(T resource) {
    resources.push(resource);
    return resource;
  }

  /** Closes all of them; failures are logged. */
  @Override
  public void close() {
    while (!resources.isEmpty()) {
      try {
        resources.pop().close();
      } catch (Exception e) {
        System.getLogger(ResourceStack.class.getName())
            .log(System.Logger.Level.WARNING, "closing a resource failed", e);
      }
    }
  }
}
