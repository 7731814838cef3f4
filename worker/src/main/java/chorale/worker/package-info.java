/**
 * Frames to replies: decode, resize, infer, reply with the top-k. {@link chorale.worker.Classifier}
 * does the first three steps as a plain class; {@link chorale.worker.Worker} connects it to the
 * bus. Only this package imports ONNX Runtime. Code for the other strategies alone belongs in
 * {@code chorale.worker.strategy}.
 */
package chorale.worker;
