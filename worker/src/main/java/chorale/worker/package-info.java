/**
 * The worker service: decode, resize, infer, reply with the top-k. {@link
 * chorale.worker.Classifier} does the first three steps without MQTT; {@link chorale.worker.Worker}
 * connects it to the bus. Only this package imports ONNX Runtime. Code that only the other
 * strategies need belongs in {@code chorale.worker.strategy}.
 */
package chorale.worker;
