package chorale.protocol;

import java.util.Objects;

/**
 * A worker in a set of replicas that divide requests by weighted rendezvous hashing. For each
 * request, every replica has a pseudorandom number; the request belongs to the replica with the
 * lowest one. A replica's share is proportional to its speed. When a replica joins or leaves, only
 * the requests that it gains or loses move. Immutable.
 *
 * <p>The number is part of the protocol: {@code -ln(u) x millis}, where u is the upper 52 bits of
 * {@link RendezvousHash}, plus 0.5, divided by 2^52. On a tie the lower name wins. Logarithms of
 * another library may differ in the last bit; this changes the owner of one request in 10^14.
 *
 * <p>Source: Schindelhauer and Schomaker, Weighted distributed hash tables, SPAA 2005.
 *
 * @param nameHash hash of the worker's name, computed once
 * @param millis inference time; the same for all replicas if the strategy gives equal shares
 */
public record Replica(String worker, long nameHash, double millis) {
  /** If votes are fused, one request in this many goes to all replicas, for comparison. */
  public static final int ONE_FOR_ALL_IN = 50;

  public Replica {
    Objects.requireNonNull(worker, "worker");
  }

  public static Replica of(WorkerInfo info) {
    String worker = info.author().worker();
    boolean isWeighted = info.assignment().strategy().isFused();
    return new Replica(
        worker, RendezvousHash.fnv(worker), isWeighted ? info.selfBenchmarkMillis() : 1);
  }

  /** Decides by the high half of the key; draws use the low half. */
  public static boolean isForAll(RequestKey key) {
    return Long.remainderUnsigned(key.high(), ONE_FOR_ALL_IN) == 0;
  }

  /** Returns whether a request belongs to this replica rather than the other. Allocates nothing. */
  public boolean precedes(Replica other, RequestKey key) {
    int order = Double.compare(draw(key), other.draw(key));
    return order < 0 || (order == 0 && worker.compareTo(other.worker) < 0);
  }

  /** StrictMath gives the same result on every JVM. */
  double draw(RequestKey key) {
    long hash = RendezvousHash.hash(key, nameHash);
    double u = ((hash >>> 12) + 0.5) * 0x1p-52;
    return -StrictMath.log(u) * millis;
  }
}
