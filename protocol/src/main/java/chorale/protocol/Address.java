package chorale.protocol;

/** The parts of a topic, as {@link Topics#parse} finds them. Immutable. */
public sealed interface Address {
  record Image(String camera) implements Address {}

  record Reply(String camera, String variant, String worker) implements Address {}

  record Result(String camera) implements Address {}

  /** Where the class of a camera is, once it holds. */
  record SteadyClass(String camera) implements Address {}

  /**
   * @param stage that shall take the tensor, 2 to 16
   */
  record Tensor(String camera, int stage) implements Address {}

  /**
   * @param tier that is asked, 2 to 4
   */
  record Ask(String camera, int tier) implements Address {}

  record Status(Role role, String name, Topics.StatusKind kind) implements Address {}

  /** Where it stands whether a worker's votes count. */
  record Trust(String worker) implements Address {}

  /** Where an aggregator tells the others which frame is a check of the boards. */
  record Check(String aggregator) implements Address {}

  /** A topic of the site in one of the forms above, with a name in it that is not valid. */
  record InvalidName(Form form) implements Address {}

  /** A topic of another site, or of no form above. */
  record Other() implements Address {}

  /** The forms of topics. */
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
