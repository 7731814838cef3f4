package chorale.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Whose job a request is, among workers that could all do it: rendezvous hashing, that is, the
 * worker with the highest hash of request and name. Whoever knows the same workers names the same
 * one, without a word between them; and when one is lost, its share alone moves, spread evenly over
 * those that are left. {@link Replica} weighs the hashes. Stateless.
 *
 * <p>The hash is part of the protocol: FNV-1a (64 bits) over the name in UTF-8, exclusive or the
 * key's low half, mixed by MurmurHash3's 64-bit finaliser, compared as unsigned numbers; of equals
 * the lower name wins. The key is a SHA-256 already, so half of it does.
 *
 * <p>Sources: Thaler and Ravishankar, Using name-based mappings to increase hit rates, IEEE/ACM
 * Transactions on Networking 6(1), 1998; Fowler, Noll, Vo (RFC 9923); Appleby, MurmurHash3.
 */
public final class RendezvousHash {
  private static final long FNV_OFFSET = 0xCBF29CE484222325L;
  private static final long FNV_PRIME = 0x100000001B3L;

  private RendezvousHash() {}

  /** Empty where there are no workers. */
  public static Optional<String> owner(RequestKey key, Collection<String> workers) {
    String best = null;
    long highest = 0;
    for (String worker : workers) {
      long hash = hash(key, worker);
      int order = best == null ? 1 : Long.compareUnsigned(hash, highest);
      if (order > 0 || (order == 0 && worker.compareTo(best) < 0)) {
        best = worker;
        highest = hash;
      }
    }
    return Optional.ofNullable(best);
  }

  /**
   * Aggregators in the order in which they are to publish a camera's results: by falling hash of
   * the camera's name, mixed as a key is, and theirs.
   */
  public static List<String> order(String camera, Collection<String> aggregators) {
    long key = mix(fnv(camera));
    return aggregators.stream()
        .sorted(
            Comparator.<String>comparingLong(name -> mix(key ^ fnv(name)) + Long.MIN_VALUE)
                .reversed()
                .thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  static long hash(RequestKey key, String worker) {
    return hash(key, fnv(worker));
  }

  static long hash(RequestKey key, long nameHash) {
    return mix(key.low() ^ nameHash);
  }

  static long fnv(String text) {
    long hash = FNV_OFFSET;
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (each & 0xFF)) * FNV_PRIME;
    }
    return hash;
  }

  private static long mix(long value) {
    long hash = value;
    hash = (hash ^ (hash >>> 33)) * 0xFF51AFD7ED558CCDL;
    hash = (hash ^ (hash >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return hash ^ (hash >>> 33);
  }
}
