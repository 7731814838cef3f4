/**
 * Frame to reply: read the header, decode, resize, infer, answer with the top-k. {@link
 * chorale.worker.Classifier} is the middle part as a plain class; {@link chorale.worker.Worker}
 * puts it on the bus. ONNX Runtime is seen by {@code OnnxModel} alone.
 */
package chorale.worker;
