package chorale.protocol;

/** A parsed topic name: the result of {@link Topics#parse}. Immutable. */
public sealed interface Address {
  record Image(String camera) implements Address {}

  record Reply(String camera, String variant, String worker) implements Address {}

  record Result(String camera) implements Address {}

  /** The topic of a camera's steady class (retained). */
  record SteadyClass(String camera) implements Address {}

  /**
   * The topic of tensors from one stage of a network to the next.
   *
   * @param stage the stage that receives the tensor, 2 to 16
   */
  record Tensor(String camera, int stage) implements Address {}

  /**
   * The topic on which aggregators ask a later tier about frames.
   *
   * @param tier the tier whose workers are asked, 2 to 4
   */
  record Ask(String camera, int tier) implements Address {}

  record Status(Role role, String name, Topics.StatusKind kind) implements Address {}

  /** The topic with the trust state of a worker (retained): whether its votes count. */
  record Trust(String worker) implements Address {}

  /** The topic on which an aggregator announces its checks to the other aggregators. */
  record Check(String aggregator) implements Address {}

  /** A topic of this site in one of the forms above that contains an invalid name. */
  record InvalidName(Form form) implements Address {}

  /** A topic of another site, or a topic in none of the forms above. */
  record Other() implements Address {}

  /** The forms of topics, for {@link InvalidName}. */
  enum Form {
    IMAGE,
    REPLY,
    RESULT,
    STEADY_CLASS,
    TENSOR,
    ASK,
    STATUS
  }
}
