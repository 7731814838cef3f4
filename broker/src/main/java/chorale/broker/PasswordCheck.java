package chorale.broker;

import chorale.protocol.Bytes;
import chorale.protocol.access.UserEntry;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The comparison of passwords with their hashes: one at a time, on a thread of an executor. A hash
 * is slow by design, and would delay all messages on HiveMQ's own threads.
 *
 * <p>A correct password is cached as a keyed digest, so that a site whose clients all reconnect
 * costs nothing. The key is never stored. Thread-safe.
 */
final class PasswordCheck {
  static final int MAX_WAITING = 64;

  private static final String HMAC = "HmacSHA256";

  private final Executor executor;
  private final SecretKeySpec key;
  private final Map<UserEntry, byte[]> proven = new ConcurrentHashMap<>();

  // Guarded by this.
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private boolean busy;

  PasswordCheck(Executor executor, SecureRandom random) {
    this.executor = executor;
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    this.key = new SecretKeySpec(bytes, HMAC);
  }

  /**
   * Compares the password with its hash, and passes the outcome to the callback.
   *
   * @return false if too many comparisons wait; the callback is then not called
   */
  boolean check(UserEntry user, Bytes password, Consumer<Boolean> answer) {
    byte[] digest = digest(password);
    byte[] before = proven.get(user);
    if (before != null && MessageDigest.isEqual(before, digest)) {
      answer.accept(true);
      return true;
    }
    return enqueue(
        () -> {
          boolean right = user.password().matches(password);
          if (right) {
            proven.put(user, digest);
          }
          answer.accept(right);
        });
  }

  /** Removes the cached passwords of users that do not meet the condition. */
  void keepIf(Predicate<UserEntry> condition) {
    proven.keySet().removeIf(condition.negate());
  }

  private synchronized boolean enqueue(Runnable task) {
    if (waiting.size() >= MAX_WAITING) {
      return false;
    }
    waiting.add(task);
    if (!busy) {
      busy = true;
      executor.execute(this::workOne);
    }
    return true;
  }

  /** Runs one comparison; the rest waits for its turn among the executor's other tasks. */
  private void workOne() {
    Runnable task;
    synchronized (this) {
      task = waiting.remove();
    }
    try {
      task.run();
    } finally {
      synchronized (this) {
        busy = !waiting.isEmpty();
        if (busy) {
          executor.execute(this::workOne);
        }
      }
    }
  }

  private byte[] digest(Bytes password) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(key);
      return mac.doFinal(password.sharedArray());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(HMAC + " is part of every Java", e);
    }
  }
}
