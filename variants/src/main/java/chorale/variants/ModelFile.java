package chorale.variants;

import chorale.protocol.Bytes;
import chorale.protocol.Digests;
import chorale.protocol.FileFailure;
import chorale.protocol.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/** A reader of the model file that a manifest names; it verifies the digest. Stateless. */
final class ModelFile {
  private static final long MAX_BYTES = 256L * 1024 * 1024;

  private ModelFile() {}

  /** Returns the path in {@code model}; the file must exist. */
  static Path existing(Path directory, JsonFile json) throws ModelSetException {
    Path model = path(directory, json);
    if (!Files.isRegularFile(model)) {
      throw json.wrong("model", "an existing file; there is no " + model);
    }
    return model;
  }

  /** Returns the path in {@code model}. */
  static Path path(Path directory, JsonFile json) throws ModelSetException {
    String name = json.text("model");
    if (!Names.isValid(name) || !name.endsWith(".onnx")) {
      throw json.wrong("model", "a file name beside the manifest that ends in .onnx");
    }
    return directory.resolve(name);
  }

  /** Returns the digest in {@code sha256}. */
  static Bytes digest(JsonFile json) throws ModelSetException {
    String hex = json.text("sha256");
    if (!hex.matches("[0-9a-f]{64}")) {
      throw json.wrong("sha256", "64 lower-case hexadecimal digits");
    }
    return Bytes.wrap(HexFormat.of().parseHex(hex));
  }

  static Bytes read(Path model, Bytes sha256) throws ModelSetException {
    try {
      long size = Files.size(model);
      if (size > MAX_BYTES) {
        throw new ModelSetException(
            model + ": " + size + " bytes (allowed: at most " + MAX_BYTES + ")");
      }
      Bytes content = Bytes.wrap(Files.readAllBytes(model));
      Bytes actual = Digests.sha256(content);
      if (!actual.equals(sha256)) {
        throw new ModelSetException(
            "%s: SHA-256 is %s, the manifest says %s; the file is damaged: copy the model set again"
                .formatted(model, actual.hex(), sha256.hex()));
      }
      return content;
    } catch (IOException e) {
      throw new ModelSetException(model + ": cannot be read: " + FileFailure.reason(e), e);
    }
  }
}
