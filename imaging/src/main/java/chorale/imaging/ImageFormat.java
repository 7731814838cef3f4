package chorale.imaging;

import java.util.Optional;

/** The accepted image formats, and the search for the start of an image in a payload. */
enum ImageFormat {
  JPEG,
  PNG;

  /**
   * The most bytes that may precede an image: line ends, a byte-order mark, a multipart header, or
   * the rest of the previous frame.
   */
  static final int MAX_LEAD = 1024;

  /** SOI and the first byte of the next marker (ITU-T T.81 B.2.1). */
  private static final byte[] JPEG_START = {(byte) 0xFF, (byte) Marker.SOI, (byte) 0xFF};

  /** PNG (third edition) section 5.2. */
  private static final byte[] PNG_START = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

  /** The format of an image and the index of its first byte. */
  record Found(ImageFormat format, int at) {}

  /**
   * Finds the first image.
   *
   * @throws ImageRejectedException {@code UNSUPPORTED}, with a guess at the payload's format
   */
  static Found find(byte[] data) throws ImageRejectedException {
    Optional<Found> first = at(data, 0);
    if (first.isPresent()) {
      return first.get();
    }
    Optional<String> other = OtherFormat.name(data);
    if (other.isPresent()) {
      throw ImageRejectedException.unsupported(other.get() + "; send JPEG or PNG");
    }
    if (UnknownBytes.isMangled(data)) {
      throw ImageRejectedException.unsupported(UnknownBytes.CONVERTED);
    }
    for (int i = 1; i <= Math.min(MAX_LEAD, data.length); i++) {
      Optional<Found> found = at(data, i);
      if (found.isPresent()) {
        return found.get();
      }
    }
    throw ImageRejectedException.unsupported(UnknownBytes.describe(data));
  }

  private static Optional<Found> at(byte[] data, int at) {
    if (MagicBytes.isAt(data, at, data.length, JPEG_START)) {
      return Optional.of(new Found(JPEG, at));
    }
    if (MagicBytes.isAt(data, at, data.length, PNG_START)) {
      return Optional.of(new Found(PNG, at));
    }
    return Optional.empty();
  }
}
