package chorale.protocol;

import java.util.Objects;

/**
 * A worker among those that divide requests between them, by weighted rendezvous hashing: a request
 * draws a number for each worker and belongs to the one with the lowest. So a worker's share is in
 * proportion to its speed, and when one comes or goes, only what it gains or loses moves.
 * Immutable.
 *
 * <p>The draw is part of the protocol: {@code -ln(u) x millis}, where u is the upper 52 bits of
 * {@link RendezvousHash}, plus a half, divided by 2^52. Of equals the lower name wins. Logarithms
 * of another library may differ in the last bit, which changes the owner of one request in 10^14.
 *
 * <p>Source: Schindelhauer and Schomaker, Weighted distributed hash tables, SPAA 2005.
 *
 * @param nameHash of the worker's name, so that a draw does not compute it
 * @param millis time of an inference; the same for all where the strategy gives equal shares
 */
public record Replica(String worker, long nameHash, double millis) {
  /** Where votes are fused, one request in so many goes to all replicas, to be compared. */
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

  /** By the half of the key that the draws do not use. */
  public static boolean isForAll(RequestKey key) {
    return Long.remainderUnsigned(key.high(), ONE_FOR_ALL_IN) == 0;
  }

  /** Whether a request belongs to this worker rather than to the other. Allocates nothing. */
  public boolean precedes(Replica other, RequestKey key) {
    int order = Double.compare(draw(key), other.draw(key));
    return order < 0 || (order == 0 && worker.compareTo(other.worker) < 0);
  }

  /** StrictMath: the same on every Java. */
  double draw(RequestKey key) {
    long hash = RendezvousHash.hash(key, nameHash);
    double u = ((hash >>> 12) + 0.5) * 0x1p-52;
    return -StrictMath.log(u) * millis;
  }
}
