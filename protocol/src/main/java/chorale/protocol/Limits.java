package chorale.protocol;

/** The sizes and ranges of the protocol (docs/protocol.md). */
public final class Limits {
  public static final int SCHEMA = 1;

  public static final int MAX_IMAGE_BYTES = 4 * 1024 * 1024;
  public static final int MAX_REPLY_BYTES = 4 * 1024;
  public static final int MAX_TENSOR_BYTES = 4 * 1024 * 1024;
  public static final int MAX_STATUS_BYTES = 64 * 1024;

  /** The largest MQTT packet with a valid message: image, topic and properties. */
  public static final int MAX_VALID_PACKET_BYTES = MAX_IMAGE_BYTES + 64 * 1024;

  /**
   * The largest MQTT packet that the embedded broker and the aggregator accept. It is above {@link
   * #MAX_VALID_PACKET_BYTES}: a camera that sends too large an image then gets a result with the
   * reason instead of losing its connection.
   */
  public static final int MAX_PACKET_BYTES = 16 * 1024 * 1024;

  public static final int MIN_BUDGET_MILLIS = 1;
  public static final int MAX_BUDGET_MILLIS = 60_000;
  public static final int DEFAULT_BUDGET_MILLIS = 1_000;

  public static final int MIN_K = 1;
  public static final int MAX_K = 16;
  public static final int DEFAULT_K = 2;

  public static final int MAX_STAGES = 16;

  public static final int MAX_CORRELATION_BYTES = 64;
  public static final int MAX_DETAIL_LENGTH = 160;
  public static final int MAX_NAME_LENGTH = 64;
  public static final int MAX_INPUT_SIZE = 4096;
  public static final int MAX_CLASSES = 65_536;

  private Limits() {}
}
