/**
 * Frames to replies: decode, resize, infer, answer with the top-k. {@link
 * chorale.worker.Classifier} is the middle part as a plain class, {@link chorale.worker.Worker}
 * puts it on the bus. This is the one package that imports ONNX Runtime. What serves a rival
 * strategy alone belongs in {@code chorale.worker.strategy}.
 */
package chorale.worker;
