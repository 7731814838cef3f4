package chorale.publisher;

/** A listener for the outcomes of a publisher's images, called on the publisher's thread. */
public interface PublishListener {
  /** Called once for each request. */
  void finished(Outcome outcome);

  /** Called for each image that is not published, with the reason. */
  void skipped(String imageName, String reason);
}
