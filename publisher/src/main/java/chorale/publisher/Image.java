package chorale.publisher;

import chorale.protocol.Bytes;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * One encoded image, to be published byte for byte as it is. Immutable.
 *
 * @param name for people: its path below the folder or inside the zip it was found in
 * @param label the class it shows, where its folder says so
 */
public record Image(String name, Optional<String> label, Bytes content) {
  public Image {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(content, "content");
  }

  /** What {@link #isImage} accepts, for messages. */
  public static final String ALLOWED = ".jpg .jpeg .png";

  static final String JPEG = "image/jpeg";

  /** Whether a file's name is that of an image. Hidden files are none, whatever their ending. */
  public static boolean isImage(String fileName) {
    String lower = fileName.toLowerCase(Locale.ROOT);
    return !lower.startsWith(".")
        && (lower.endsWith(".jpg") || lower.endsWith(".jpeg") || lower.endsWith(".png"));
  }

  /** The MQTT content type, by the name's ending. */
  String contentType() {
    return name.toLowerCase(Locale.ROOT).endsWith(".png") ? "image/png" : JPEG;
  }
}
