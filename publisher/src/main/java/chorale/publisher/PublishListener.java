package chorale.publisher;

/** Hears what becomes of a publisher's images, on the thread that runs the publisher. */
public interface PublishListener {
  /** Once for each request. */
  void finished(Outcome outcome);

  /** An image that was not published, and why. */
  void skipped(String imageName, String reason);
}
