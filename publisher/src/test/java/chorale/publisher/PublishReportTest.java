package chorale.publisher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import chorale.publisher.PublishReport.Latency;
import chorale.publisher.PublishReport.Traffic;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PublishReportTest {
  @Test
  void toJson_fullRun_hasExactlyTheseFields() {
    PublishReport report =
        new PublishReport(
            10,
            9,
            1,
            5,
            2,
            1,
            1,
            8,
            6,
            new Traffic(900, 300),
            Optional.of(new Latency(3.5, 3.25, 4.5, 9.9999, 12)));

    assertEquals(
        "{\"requests\":10,\"results\":9,\"duplicates\":1,\"answered\":5,\"partial\":2,"
            + "\"unsure\":1,\"no_answer\":1,\"labeled\":8,\"correct\":6,\"image_bytes\":900,\"frame_bytes\":300,"
            + "\"latency_ms\":{\"mean\":3.5,\"p50\":3.25,\"p90\":4.5,\"p99\":10.0,\"max\":12.0}}",
        report.toJson());
    assertEquals(0.75, report.accuracy().orElseThrow());
    assertFalse(report.isComplete());
  }

  @Test
  void toJson_noResult_hasNoLatency() {
    PublishReport report =
        new PublishReport(1, 0, 0, 0, 0, 0, 0, 0, 0, new Traffic(5, 5), Optional.empty());

    assertEquals(
        "{\"requests\":1,\"results\":0,\"duplicates\":0,\"answered\":0,\"partial\":0,"
            + "\"unsure\":0,\"no_answer\":0,\"labeled\":0,\"correct\":0,\"image_bytes\":5,\"frame_bytes\":5,"
            + "\"latency_ms\":{\"mean\":null,\"p50\":null,\"p90\":null,\"p99\":null,\"max\":null}}",
        report.toJson());
    assertEquals(Optional.empty(), report.accuracy());
  }
}
