package chorale.protocol;

import java.util.Objects;
import java.util.Optional;

/**
 * A frame to be answered, without its image: its key, its budget, and where the answer goes besides
 * the camera's result topic. Immutable. Made by {@link RequestRules} alone, which has judged every
 * part of it.
 *
 * @param correlation the camera's correlation data, echoed unchanged
 * @param responseTopic where the camera also wants the result, when it may have it there
 * @param refusedResponseTopic the response topic asked for that the rules do not allow, cut where
 *     it is long
 * @param budgetMillis from the opening of the window to the decision
 * @param k how many classes each variant returns
 * @param capturedAt echoed, never judged; left out where it is long
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
