/**
 * Messages of the other strategies: the tensors that model parallelism sends between boards, and
 * their codec. Messages of variant parallelism belong in {@code chorale.protocol}.
 */
package chorale.protocol.strategy;
