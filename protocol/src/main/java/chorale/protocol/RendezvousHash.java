package chorale.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Rendezvous hashing of requests to workers: the worker with the highest hash of request key and
 * name owns the request. All boards that see the same workers choose the same owner without
 * communication. If a worker fails, only its share moves, evenly to the others. {@link Replica}
 * adds weights. Stateless.
 *
 * <p>The hash is part of the protocol: FNV-1a (64 bits) over the name in UTF-8, XOR the low half of
 * the key, mixed by MurmurHash3's 64-bit finalizer, compared as unsigned numbers. On a tie the
 * lower name wins. The key is already a SHA-256 digest, so half of it is enough.
 *
 * <p>Sources: Thaler and Ravishankar, Using name-based mappings to increase hit rates, IEEE/ACM
 * Transactions on Networking 6(1), 1998; Fowler, Noll, Vo (RFC 9923); Appleby, MurmurHash3.
 */
public final class RendezvousHash {
  private static final long FNV_OFFSET = 0xCBF29CE484222325L;
  private static final long FNV_PRIME = 0x100000001B3L;

  private RendezvousHash() {}

  /** Returns the owner of a request; empty if there are no workers. */
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
   * Returns the aggregators in their order of precedence for a camera's results: by decreasing hash
   * of the camera's name (mixed like a key) and the aggregator's name.
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
