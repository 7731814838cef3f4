package chorale.imaging;

import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * A PNG decoder. Relevant chunks (IHDR, PLTE, tRNS, IDAT) must match their checksums; eXIf is used
 * only if it matches. Other chunks are skipped, so compressed text is not inflated. IEND may be
 * missing if all rows are there; everything after it is ignored. Used once. Source: PNG (third
 * edition) sections 5.3 (chunks), 5.6 (order), 11.
 */
final class PngDecoder {
  private static final int SIGNATURE_BYTES = 8;

  /** Length, type and checksum. */
  private static final int OVERHEAD = 12;

  private static final int IHDR = 0x49484452;
  private static final int PLTE = 0x504C5445;
  private static final int IDAT = 0x49444154;
  private static final int IEND = 0x49454E44;
  private static final int TRNS = 0x74524E53;
  private static final int EXIF = 0x65584966;
  private static final int CGBI = 0x43674249;

  private final byte[] data;
  private final DecodeLimits limits;

  private Optional<PngHeader> header = Optional.empty();
  private byte[] palette = {};
  private byte[] transparency = {};
  private Optional<LargeDecodeLock> turn = Optional.empty();
  private Optional<PngRows> rows = Optional.empty();
  private int orientation = ExifOrientation.UPRIGHT;

  /**
   * @param from start of the content
   * @param length stated length of the content
   * @param available length of the content that is present
   */
  private record Chunk(int type, int from, long length, int available) {
    boolean isWhole(byte[] data) {
      return from + length + 4 <= data.length;
    }
  }

  private PngDecoder(byte[] data, DecodeLimits limits) {
    this.data = data;
    this.limits = limits;
  }

  /**
   * @param start index of the signature
   * @throws ImageRejectedException if the image is invalid, damaged, too large or unsupported
   */
  static Pixels decode(byte[] data, int start, DecodeLimits limits) throws ImageRejectedException {
    PngDecoder decoder = new PngDecoder(data, limits);
    try {
      return decoder.readAll(start + SIGNATURE_BYTES);
    } finally {
      decoder.rows.ifPresent(PngRows::close);
      decoder.turn.ifPresent(LargeDecodeLock::close);
    }
  }

  private Pixels readAll(int from) throws ImageRejectedException {
    int at = from;
    boolean ended = false;
    while (!ended && at + 8 <= data.length) {
      Chunk chunk = chunk(at);
      read(chunk);
      ended = chunk.type() == IEND || !chunk.isWhole(data);
      at = ended ? at : (int) (at + OVERHEAD + chunk.length());
    }
    if (header.isEmpty()) {
      throw ImageRejectedException.bad("a PNG that ends in its header");
    }
    if (rows.isEmpty()) {
      throw ended && at + OVERHEAD <= data.length
          ? ImageRejectedException.bad("a PNG without image data")
          : ImageRejectedException.damaged("image data ends at row 0 of " + header.get().height());
    }
    if (!rows.get().isComplete()) {
      throw rows.get().damaged("image data ends");
    }
    return rows.get().pixels().upright(orientation);
  }

  private Chunk chunk(int at) {
    long length = int32(at) & 0xFFFFFFFFL;
    int from = at + 8;
    return new Chunk(int32(at + 4), from, length, (int) Math.min(length, data.length - from));
  }

  private void read(Chunk chunk) throws ImageRejectedException {
    if (header.isEmpty()) {
      readHeader(chunk);
      return;
    }
    switch (chunk.type()) {
      case IDAT -> readRows(chunk);
      case PLTE -> palette = content(chunk);
      case TRNS -> transparency = content(chunk);
      case EXIF -> {
        if (isSound(chunk)) {
          orientation = ExifOrientation.of(data, chunk.from(), chunk.from() + chunk.available());
        }
      }
      default -> {}
    }
  }

  private void readHeader(Chunk chunk) throws ImageRejectedException {
    if (chunk.type() == CGBI) {
      throw ImageRejectedException.unsupported(
          "Apple's CgBI variant of PNG; send standard PNG or JPEG");
    }
    if (chunk.type() != IHDR || chunk.length() != PngHeader.BYTES || !chunk.isWhole(data)) {
      throw ImageRejectedException.bad("a PNG without a whole header");
    }
    requireSound(chunk, "the header of the PNG does not match its checksum");
    header = Optional.of(PngHeader.parse(data, chunk.from(), limits));
  }

  private byte[] content(Chunk chunk) throws ImageRejectedException {
    requireSound(chunk, "the palette or transparency of the PNG does not match its checksum");
    return Arrays.copyOfRange(data, chunk.from(), chunk.from() + chunk.available());
  }

  private void readRows(Chunk chunk) throws ImageRejectedException {
    if (rows.isEmpty()) {
      if (header.get().kind() == PngHeader.PALETTE && palette.length == 0) {
        throw ImageRejectedException.bad("a PNG without its palette");
      }
      turn = Optional.of(LargeDecodeLock.begin(header.get().heldBytes()));
      PngColors colors = new PngColors(header.get(), palette, transparency);
      rows = Optional.of(new PngRows(header.get(), colors));
    }
    PngRows image = rows.get();
    if (chunk.isWhole(data) && !isSound(chunk)) {
      throw image.damaged("image data does not match its checksum");
    }
    if (!image.isComplete()) {
      image.put(data, chunk.from(), chunk.available());
    }
  }

  private void requireSound(Chunk chunk, String otherwise) throws ImageRejectedException {
    if (!isSound(chunk)) {
      throw ImageRejectedException.damaged(otherwise);
    }
  }

  /** Returns whether the chunk matches its checksum (PNG section 5.5). */
  private boolean isSound(Chunk chunk) {
    if (!chunk.isWhole(data)) {
      return false;
    }
    CRC32 crc = new CRC32();
    crc.update(data, chunk.from() - 4, (int) chunk.length() + 4);
    return (int) crc.getValue() == int32((int) (chunk.from() + chunk.length()));
  }

  private int int32(int at) {
    return (Marker.u16(data, at) << 16) | Marker.u16(data, at + 2);
  }
}
