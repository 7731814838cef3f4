package chorale.protocol;

import chorale.protocol.Address.Form;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The topic names of one site: builds and parses them (docs/protocol.md). {@link Names} validates
 * each level, so names cannot inject wildcards or separators. Immutable.
 */
public record Topics(String site) {
  public static final String ROOT = "chorale";

  private static final String ROOT_LEVEL = ROOT + '/';
  private static final String CAMERA_LEVEL = "camera/";
  private static final String TRUST = "trust";
  private static final String CHECK = "check";

  /**
   * The numbers 0 to {@value Limits#MAX_STAGES} as strings, by index, for stages and tiers. Stage 1
   * has no tensor topic: it takes images.
   */
  private static final List<String> STAGES =
      IntStream.rangeClosed(0, Limits.MAX_STAGES).mapToObj(String::valueOf).toList();

  public Topics {
    Names.require("site", site);
  }

  /** The three retained topics of a service. */
  public enum StatusKind {
    AVAILABILITY,
    INFO,
    HEALTH
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

  /** The topic of a camera's retained class, for automations. */
  public String steadyClass(String camera) {
    return cameraPrefix(camera) + "class";
  }

  /** The topic of a stage's input tensors. */
  public String tensor(String camera, int stage) {
    return cameraPrefix(camera) + "tensor/" + stage;
  }

  /** The topic on which the workers of a tier are asked about a frame. */
  public String ask(String camera, int tier) {
    return cameraPrefix(camera) + "ask/" + tier;
  }

  public String askFilter(int tier) {
    return prefix() + "camera/+/ask/" + tier;
  }

  public String tensorFilter(int stage) {
    return prefix() + "camera/+/tensor/" + stage;
  }

  /** The topic of the embedded broker's counters. */
  public String brokerHealth() {
    return prefix() + "broker/health";
  }

  public String status(Role role, String name, StatusKind kind) {
    return prefix()
        + role.label()
        + '/'
        + Names.require(role.label(), name)
        + '/'
        + Labels.of(kind);
  }

  /** The retained topic that says whether a worker's votes count. */
  public String trust(String worker) {
    return prefix() + "worker/" + Names.require("worker", worker) + '/' + TRUST;
  }

  public String trustFilter() {
    return prefix() + "worker/+/" + TRUST;
  }

  /** The topic on which an aggregator announces to the other aggregators which frame is a check. */
  public String check(String aggregator) {
    return prefix() + "aggregator/" + Names.require("aggregator", aggregator) + '/' + CHECK;
  }

  public String checkFilter() {
    return prefix() + "aggregator/+/" + CHECK;
  }

  public String statusFilter(Role role, StatusKind kind) {
    return prefix() + role.label() + "/+/" + Labels.of(kind);
  }

  /** {@code chorale/<site>/camera/<camera>/}, the prefix of all topics of a camera. */
  public String cameraPrefix(String camera) {
    return prefix() + CAMERA_LEVEL + Names.require("camera", camera) + '/';
  }

  private String prefix() {
    return ROOT_LEVEL + site + '/';
  }

  /** Parses a topic name. Every text yields an address. */
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
    if (rest.equals("image")) {
      return valid(Form.IMAGE, new Address.Image(camera), camera);
    }
    if (rest.equals("result")) {
      return valid(Form.RESULT, new Address.Result(camera), camera);
    }
    if (rest.equals("class")) {
      return valid(Form.STEADY_CLASS, new Address.SteadyClass(camera), camera);
    }
    int second = rest.indexOf('/') + 1;
    if (rest.startsWith("reply/")) {
      int third = rest.indexOf('/', second) + 1;
      if (third > 0) {
        String variant = rest.substring(second, third - 1);
        String worker = rest.substring(third);
        Address.Reply reply = new Address.Reply(camera, variant, worker);
        return valid(Form.REPLY, reply, camera, variant, worker);
      }
    }
    int tier = rest.startsWith("ask/") ? STAGES.indexOf(rest.substring(second)) : 0;
    if (tier > 1 && tier <= TierPlan.MAX_TIERS) {
      return valid(Form.ASK, new Address.Ask(camera, tier), camera);
    }
    int stage = rest.startsWith("tensor/") ? STAGES.indexOf(rest.substring(second)) : 0;
    return stage < 2
        ? new Address.Other()
        : valid(Form.TENSOR, new Address.Tensor(camera, stage), camera);
  }

  private static Address valid(Form form, Address address, String... names) {
    for (String name : names) {
      if (!Names.isValid(name)) {
        return new Address.InvalidName(form);
      }
    }
    return address;
  }

  private static Address ofService(String role, String name, String kind) {
    Optional<Role> of = Labels.find(Role.class, role);
    if (of.isEmpty()) {
      return new Address.Other();
    }
    Optional<Address> what =
        Labels.find(StatusKind.class, kind)
            .map(status -> new Address.Status(of.get(), name, status));
    if (of.get() == Role.WORKER && kind.equals(TRUST)) {
      what = Optional.of(new Address.Trust(name));
    } else if (of.get() == Role.AGGREGATOR && kind.equals(CHECK)) {
      what = Optional.of(new Address.Check(name));
    }
    return what.map(address -> valid(Form.STATUS, address, name)).orElseGet(Address.Other::new);
  }

  /** Returns the filters for availability and info of all services with a role. */
  public List<String> statusFilters(Role role) {
    return List.of(
        statusFilter(role, StatusKind.AVAILABILITY), statusFilter(role, StatusKind.INFO));
  }
}
