package chorale.protocol;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The validation rules for frames. Workers and aggregators share them and therefore see the same
 * requests. Immutable and thread-safe.
 */
public final class RequestRules {
  public static final String DEADLINE_MS = "deadline-ms";
  public static final String K = "k";
  public static final String CAPTURED_AT = "captured-at";

  private static final int MAX_SHOWN = 32;
  private static final int MAX_ECHOED = 256;
  private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,9}");

  private final Defaults defaults;
  private final ResponseTopics responseTopics;

  /**
   * The defaults for a frame without these properties.
   *
   * @param budgetMillis 1 to 60000
   * @param k 1 to 16
   */
  public record Defaults(int budgetMillis, int k) {
    public static final Defaults STANDARD =
        new Defaults(Limits.DEFAULT_BUDGET_MILLIS, Limits.DEFAULT_K);
  }

  /**
   * @param responsePrefixes prefixes of allowed response topics besides the camera's own
   */
  public RequestRules(Topics topics, Defaults defaults, List<String> responsePrefixes) {
    this.defaults = defaults;
    this.responseTopics = new ResponseTopics(topics, responsePrefixes);
  }

  /**
   * @param address the parsed topic of the message
   */
  public Judgment<Request> judge(Address address, Message message) {
    if (address instanceof Address.InvalidName) {
      return new Judgment.Ignored<>(IgnoredReason.INVALID_NAME);
    }
    if (!(address instanceof Address.Image image)) {
      return new Judgment.Ignored<>(IgnoredReason.NOT_AN_IMAGE_TOPIC);
    }
    if (message.retain()) {
      return new Judgment.Ignored<>(IgnoredReason.RETAINED);
    }
    if (message.payload().isEmpty()) {
      return new Judgment.Ignored<>(IgnoredReason.EMPTY);
    }
    return judge(image.camera(), message);
  }

  private Judgment<Request> judge(String camera, Message message) {
    MessageProperties properties = message.properties();
    Optional<Bytes> correlation = properties.correlation();
    Optional<String> budget = properties.user(DEADLINE_MS);
    Optional<String> k = properties.user(K);
    int budgetMillis = inRange(budget, Limits.MIN_BUDGET_MILLIS, Limits.MAX_BUDGET_MILLIS);
    int kValue = inRange(k, Limits.MIN_K, Limits.MAX_K);

    String wrong = null;
    if (message.payload().size() > Limits.MAX_IMAGE_BYTES) {
      wrong = "image of " + message.payload().size() + " bytes, allowed: 1 to 4194304";
    } else if (correlation.isPresent()
        && (correlation.get().isEmpty()
            || correlation.get().size() > Limits.MAX_CORRELATION_BYTES)) {
      wrong = "correlation data of " + correlation.get().size() + " bytes, allowed: 1 to 64";
    } else if (budget.isPresent() && budgetMillis < 0) {
      wrong =
          "%s '%s', allowed: 1 to 60000"
              .formatted(DEADLINE_MS, PrintableText.cut(budget.get(), MAX_SHOWN));
    } else if (k.isPresent() && kValue < 0) {
      wrong = K + " '" + PrintableText.cut(k.get(), MAX_SHOWN) + "', allowed: 1 to 16";
    }

    Optional<String> response = properties.responseTopic();
    boolean allowed = response.isPresent() && responseTopics.allows(response.get(), camera);
    Request request =
        new Request(
            RequestKey.of(camera, correlation, message.payload()),
            camera,
            correlation,
            allowed ? response : Optional.empty(),
            response.filter(topic -> !allowed).map(topic -> PrintableText.cut(topic, MAX_ECHOED)),
            budgetMillis > 0 ? budgetMillis : defaults.budgetMillis(),
            kValue > 0 ? kValue : defaults.k(),
            properties.user(CAPTURED_AT).filter(text -> text.length() <= MAX_ECHOED));
    return wrong == null ? new Judgment.Accepted<>(request) : new Judgment.Bad<>(request, wrong);
  }

  /** Returns the number, or -1 if it is absent, not a plain decimal number, or out of range. */
  private static int inRange(Optional<String> text, int min, int max) {
    if (text.isEmpty() || !DECIMAL.matcher(text.get()).matches()) {
      return -1;
    }
    int value = Integer.parseInt(text.get());
    return value >= min && value <= max ? value : -1;
  }
}
