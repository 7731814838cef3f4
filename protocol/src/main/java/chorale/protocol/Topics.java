package chorale.protocol;

import java.util.List;
import java.util.Optional;

/**
 * The topic names of one site, built and taken apart (docs/protocol.md). Levels are validated by
 * {@link Names}, so no wildcard or separator can enter a topic through a name.
 */
public record Topics(String site) {
  public static final String ROOT = "chorale";

  private static final String ROOT_LEVEL = ROOT + '/';
  private static final String CAMERA_LEVEL = "camera/";

  public Topics {
    Names.require("site", site);
  }

  /** The three retained topics of a service. */
  public enum StatusKind {
    AVAILABILITY,
    INFO,
    HEALTH;

    String level() {
      return Labels.of(this);
    }
  }

  public String image(String camera) {
    return cameraPrefix(camera) + "image";
  }

  public String imageFilter() {
    return prefix() + "camera/+/image";
  }

  public String reply(String camera, String variant, String worker) {
    return cameraPrefix(camera)
        + "reply/"
        + Names.require("variant", variant)
        + '/'
        + Names.require("worker", worker);
  }

  public String replyFilter() {
    return prefix() + "camera/+/reply/+/+";
  }

  public String result(String camera) {
    return cameraPrefix(camera) + "result";
  }

  public String resultFilter() {
    return prefix() + "camera/+/result";
  }

  /** Where a stage's input arrives, from the stage before. */
  public String tensor(String camera, int stage) {
    return cameraPrefix(camera) + "tensor/" + stage;
  }

  public String tensorFilter(int stage) {
    return prefix() + "camera/+/tensor/" + stage;
  }

  public String status(Role role, String name, StatusKind kind) {
    return prefix() + role.label() + '/' + Names.require(role.label(), name) + '/' + kind.level();
  }

  public String statusFilter(Role role, StatusKind kind) {
    return prefix() + role.label() + "/+/" + kind.level();
  }

  /** {@code chorale/<site>/camera/<camera>/}, below which a camera's response topics lie. */
  public String cameraPrefix(String camera) {
    return prefix() + CAMERA_LEVEL + Names.require("camera", camera) + '/';
  }

  private String prefix() {
    return ROOT_LEVEL + site + '/';
  }

  /** Reads a topic name; every text is one of the addresses. */
  public Address parse(String topic) {
    int role = ROOT_LEVEL.length() + site.length() + 1;
    boolean isOurs =
        topic.startsWith(ROOT_LEVEL)
            && topic.startsWith(site, ROOT_LEVEL.length())
            && topic.startsWith("/", role - 1);
    int name = isOurs ? topic.indexOf('/', role) + 1 : 0;
    int rest = name > 0 ? topic.indexOf('/', name) + 1 : 0;
    if (rest == 0) {
      return new Address.Other();
    }
    return topic.startsWith(CAMERA_LEVEL, role)
        ? ofCamera(topic.substring(name, rest - 1), topic.substring(rest))
        : ofService(
            topic.substring(role, name - 1),
            topic.substring(name, rest - 1),
            topic.substring(rest));
  }

  private static Address ofCamera(String camera, String rest) {
    boolean valid = Names.isValid(camera);
    if (rest.equals("image")) {
      return valid ? new Address.Image(camera) : new Address.InvalidName(Address.Form.IMAGE);
    }
    if (rest.equals("result")) {
      return valid ? new Address.Result(camera) : new Address.InvalidName(Address.Form.RESULT);
    }
    if (rest.startsWith("reply/")) {
      int worker = rest.indexOf('/', "reply/".length()) + 1;
      return worker == 0
          ? new Address.Other()
          : ofReply(camera, rest.substring("reply/".length(), worker - 1), rest.substring(worker));
    }
    int stage = rest.startsWith("tensor/") ? stage(rest.substring("tensor/".length())) : 0;
    if (stage == 0) {
      return new Address.Other();
    }
    return valid ? new Address.Tensor(camera, stage) : new Address.InvalidName(Address.Form.TENSOR);
  }

  private static Address ofReply(String camera, String variant, String worker) {
    return Names.isValid(camera) && Names.isValid(variant) && Names.isValid(worker)
        ? new Address.Reply(camera, variant, worker)
        : new Address.InvalidName(Address.Form.REPLY);
  }

  /** The number of a stage that takes tensors, without leading zeros, or 0. */
  private static int stage(String level) {
    int stage = 0;
    for (int i = 0; i < level.length() && i < 3; i++) {
      int digit = level.charAt(i) - '0';
      if (digit < 0 || digit > 9 || (i == 0 && digit == 0)) {
        return 0;
      }
      stage = 10 * stage + digit;
    }
    return stage >= 2 && stage <= Limits.MAX_STAGES ? stage : 0;
  }

  private static Address ofService(String role, String name, String kind) {
    Optional<Role> of = Labels.find(Role.class, role);
    Optional<StatusKind> what = Labels.find(StatusKind.class, kind);
    if (of.isEmpty() || what.isEmpty()) {
      return new Address.Other();
    }
    return Names.isValid(name)
        ? new Address.Status(of.get(), name, what.get())
        : new Address.InvalidName(Address.Form.STATUS);
  }

  /** The subscriptions of a service that follows the availability of every worker, for example. */
  public List<String> statusFilters(Role role) {
    return List.of(
        statusFilter(role, StatusKind.AVAILABILITY), statusFilter(role, StatusKind.INFO));
  }
}
