package chorale.publisher;

import chorale.protocol.Bytes;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * One encoded image, published unchanged. Immutable.
 *
 * @param name for people: the path below its folder or inside its zip file
 * @param label the class it shows, if its folder names one
 */
public record Image(String name, Optional<String> label, Bytes content) {
  public Image {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(content, "content");
  }

  /** The endings that {@link #isImage} accepts, for messages. */
  public static final String ALLOWED = ".jpg, .jpeg or .png";

  static final String JPEG = "image/jpeg";

  /** Returns whether a file name is that of an image; hidden files never are. */
  public static boolean isImage(String fileName) {
    String lower = fileName.toLowerCase(Locale.ROOT);
    return !lower.startsWith(".")
        && (lower.endsWith(".jpg") || lower.endsWith(".jpeg") || lower.endsWith(".png"));
  }

  /** Returns the MQTT content type according to the name's ending. */
  String contentType() {
    return name.toLowerCase(Locale.ROOT).endsWith(".png") ? "image/png" : JPEG;
  }
}
