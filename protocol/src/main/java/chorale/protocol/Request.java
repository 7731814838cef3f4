package chorale.protocol;

import java.util.Objects;
import java.util.Optional;

/**
 * A validated request without its image: key, budget, and where to send the result. Immutable. Only
 * {@link RequestRules} creates it.
 *
 * @param correlation the camera's correlation data, echoed unchanged
 * @param responseTopic an additional, allowed topic for the result
 * @param refusedResponseTopic a response topic that the rules do not allow, cut if long
 * @param budgetMillis from the opening of the window to the decision
 * @param k number of classes that each variant returns
 * @param capturedAt echoed without validation; empty if too long
 */
public record Request(
    RequestKey key,
    String camera,
    Optional<Bytes> correlation,
    Optional<String> responseTopic,
    Optional<String> refusedResponseTopic,
    int budgetMillis,
    int k,
    Optional<String> capturedAt) {

  public Request {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(camera, "camera");
    Objects.requireNonNull(correlation, "correlation");
    Objects.requireNonNull(responseTopic, "responseTopic");
    Objects.requireNonNull(refusedResponseTopic, "refusedResponseTopic");
    Objects.requireNonNull(capturedAt, "capturedAt");
  }
}
