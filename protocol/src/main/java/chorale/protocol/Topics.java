package chorale.protocol;

import java.util.List;
import java.util.Optional;

/**
 * The topic names of one site, built and taken apart (docs/protocol.md). Levels are validated by
 * {@link Names}, so no wildcard or separator can enter a topic through a name.
 */
public record Topics(String site) {
  public static final String ROOT = "chorale";

  public Topics {
    Names.require("site", site);
  }

  /** What a topic of this site addresses. */
  public sealed interface Address {
    record Image(String camera) implements Address {}

    record Reply(String camera, String variant, String worker) implements Address {}

    record Result(String camera) implements Address {}

    /**
     * @param stage that shall take the tensor, 2 to 16
     */
    record Tensor(String camera, int stage) implements Address {}

    record Status(Role role, String name, StatusKind kind) implements Address {}
  }

  /** The three retained topics of a service. */
  public enum StatusKind {
    AVAILABILITY,
    INFO,
    HEALTH;

    String level() {
      return name().toLowerCase(java.util.Locale.ROOT);
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
    return prefix() + "camera/" + Names.require("camera", camera) + '/';
  }

  private String prefix() {
    return ROOT + '/' + site + '/';
  }

  /** Empty for a topic of another site or form, or with a name that is not valid. */
  public Optional<Address> parse(String topic) {
    String[] level = topic.split("/", -1);
    if (level.length < 5 || !level[0].equals(ROOT) || !level[1].equals(site)) {
      return Optional.empty();
    }
    if (!Names.isValid(level[3])) {
      return Optional.empty();
    }
    if (!level[2].equals("camera")) {
      return level.length == 5 ? parseStatus(level[2], level[3], level[4]) : Optional.empty();
    }
    String camera = level[3];
    return switch (level[4]) {
      case "image" -> level.length == 5 ? Optional.of(new Address.Image(camera)) : Optional.empty();
      case "result" ->
          level.length == 5 ? Optional.of(new Address.Result(camera)) : Optional.empty();
      case "reply" ->
          level.length == 7 && Names.isValid(level[5]) && Names.isValid(level[6])
              ? Optional.of(new Address.Reply(camera, level[5], level[6]))
              : Optional.empty();
      case "tensor" ->
          level.length == 6
              ? stage(level[5]).map(stage -> new Address.Tensor(camera, stage))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  /** The first stage takes images, not tensors. */
  private static Optional<Integer> stage(String level) {
    for (int stage = 2; stage <= Limits.MAX_STAGES; stage++) {
      if (level.equals(String.valueOf(stage))) {
        return Optional.of(stage);
      }
    }
    return Optional.empty();
  }

  private static Optional<Address> parseStatus(String role, String name, String kind) {
    for (Role r : Role.values()) {
      for (StatusKind k : StatusKind.values()) {
        if (r.label().equals(role) && k.level().equals(kind)) {
          return Optional.of(new Address.Status(r, name, k));
        }
      }
    }
    return Optional.empty();
  }

  /** The subscriptions of a service that follows the availability of every worker, for example. */
  public List<String> statusFilters(Role role) {
    return List.of(
        statusFilter(role, StatusKind.AVAILABILITY), statusFilter(role, StatusKind.INFO));
  }
}
