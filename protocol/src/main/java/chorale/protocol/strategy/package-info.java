/**
 * Messages of the rival strategies: the tensors that model parallelism sends between boards, and
 * their codec. What variant parallelism sends belongs in {@code chorale.protocol}.
 */
package chorale.protocol.strategy;
