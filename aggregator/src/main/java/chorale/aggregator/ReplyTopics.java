package chorale.aggregator;

import chorale.protocol.Reply;
import chorale.protocol.Topics;

/**
 * Tells the messages of one site apart by topic without taking topics to pieces: there are many.
 * Immutable.
 */
final class ReplyTopics {
  private static final String REPLY = "/reply/";
  private static final String IMAGE = "/image";

  private final String cameras;

  ReplyTopics(Topics topics) {
    this.cameras = Topics.ROOT + '/' + topics.site() + "/camera/";
  }

  boolean isReply(String topic) {
    int end = endOfCamera(topic);
    return end > 0 && topic.startsWith(REPLY, end);
  }

  boolean isImage(String topic) {
    int end = endOfCamera(topic);
    return end > 0 && topic.startsWith(IMAGE, end) && topic.length() == end + IMAGE.length();
  }

  private int endOfCamera(String topic) {
    return topic.startsWith(cameras) ? topic.indexOf('/', cameras.length()) : -1;
  }

  /** Whether a reply came on the topic that its content belongs to. */
  boolean agree(String topic, Reply reply) {
    String camera = reply.camera();
    String variant = reply.author().variant();
    String worker = reply.author().worker();
    int cameraEnd = cameras.length() + camera.length();
    int variantStart = cameraEnd + REPLY.length();
    int workerStart = variantStart + variant.length() + 1;
    return topic.length() == workerStart + worker.length()
        && topic.startsWith(cameras)
        && topic.startsWith(camera, cameras.length())
        && topic.startsWith(REPLY, cameraEnd)
        && topic.startsWith(variant, variantStart)
        && topic.charAt(workerStart - 1) == '/'
        && topic.startsWith(worker, workerStart);
  }
}
