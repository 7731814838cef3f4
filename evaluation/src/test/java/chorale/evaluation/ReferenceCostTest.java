package chorale.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import chorale.protocol.Calibration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ReferenceCostTest {
  /** The counted costs of V1: 96x96, head 256, with 10 and with 100 classes. */
  private static final Network V1 =
      new Network(
          "V1",
          "mobilenetv2",
          .35,
          96,
          new Network.Cost(9_624_496, 294_250),
          new Network.Cost(9_647_536, 317_380),
          1);

  @Test
  void of_noReference_isMobileNetV2AtTheSetsClasses() {
    ReferenceCost thousand = ReferenceCost.of(set(1_000, V1)).orElseThrow();

    // Keras: 3,538,984 parameters with 1,000 classes.
    assertEquals(new Network.Cost(300_774_272, 3_538_984), thousand.own());
    assertEquals(new Network.Cost(299_622_272, 2_386_084), thousand.at100());
  }

  @Test
  void gains_ofV1_matchThePaper() {
    Gains gains = Gains.of(V1, ReferenceCost.of(set(10, V1)));

    assertEquals(31.06, gains.macs100().orElseThrow(), .01);
    assertEquals(7.52, gains.params100().orElseThrow(), .01);
    assertEquals((299_622_272 - 90 * 1280) / 9_624_496.0, gains.macs().orElseThrow(), 1e-12);
    assertEquals((2_386_084 - 90 * 1281) / 294_250.0, gains.params().orElseThrow(), 1e-12);
  }

  @Test
  void of_otherBase_isUnknown() {
    Network other = new Network("X", "mynet", 1, 96, V1.cost(), V1.costAt100(), 1);

    assertEquals(Optional.empty(), ReferenceCost.of(set(10, V1, other)));
    assertEquals(Optional.empty(), Gains.of(V1, Optional.empty()).macs());
  }

  private static EvaluatedSet set(int classes, Network... variants) {
    return new EvaluatedSet(
        "made",
        IntStream.range(0, classes).mapToObj(i -> "c" + i).toList(),
        Calibration.NONE,
        List.of(variants),
        Optional.empty());
  }
}
