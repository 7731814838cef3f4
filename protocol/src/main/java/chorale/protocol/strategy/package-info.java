/** Messages of the rival strategies: the tensors that model parallelism sends between boards. */
package chorale.protocol.strategy;
