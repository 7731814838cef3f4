package chorale.protocol.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/** A key and a self-signed certificate, created with the JDK's {@code keytool}. */
public record KeyFiles(Path certificate, Path key, KeyStore store) {
  public static final char[] PASSWORD = "password".toCharArray();

  /**
   * @param name base name of the files
   * @param algorithm such as {@code EC}
   * @param alternative subject alternative name, such as {@code ip:127.0.0.1}
   */
  public static KeyFiles make(Path folder, String name, String algorithm, String alternative) {
    Path file = folder.resolve(name + ".p12");
    try {
      Process keytool =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                  "-genkeypair",
                  "-alias",
                  "test",
                  "-keyalg",
                  algorithm,
                  "-dname",
                  "CN=" + name,
                  "-ext",
                  "san=" + alternative,
                  "-storetype",
                  "PKCS12",
                  "-keystore",
                  file.toString(),
                  "-storepass",
                  new String(PASSWORD))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (keytool.waitFor() != 0) {
        throw new IllegalStateException("keytool failed");
      }
      KeyStore store = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(file)) {
        store.load(in, PASSWORD);
      }
      Path certificate = folder.resolve(name + ".pem");
      Path key = folder.resolve(name + ".key");
      pem(certificate, "CERTIFICATE", store.getCertificate("test").getEncoded());
      pem(key, "PRIVATE KEY", store.getKey("test", PASSWORD).getEncoded());
      return new KeyFiles(certificate, key, store);
    } catch (IOException | GeneralSecurityException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void pem(Path file, String what, byte[] bytes) throws IOException {
    String base64 = Base64.getMimeEncoder().encodeToString(bytes);
    Files.writeString(
        file, "-----BEGIN %s-----%n%s%n-----END %s-----%n".formatted(what, base64, what));
  }
}
