package chorale.setup;

/**
 * A certificate and its private key, both in PEM, the key as PKCS#8. {@link #toString} hides both.
 * Immutable.
 */
record Credential(String certificate, String key) {
  @Override
  public String toString() {
    return "Credential[***]";
  }
}
