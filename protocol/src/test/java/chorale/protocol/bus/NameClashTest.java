package chorale.protocol.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class NameClashTest {
  private static final long OWN = 7;
  private static final long OTHER = 8;

  private final NameClash clash = new NameClash("worker pi-1", OWN);

  @Test
  void disconnected_afterAnotherAnnouncementTwice_ends() throws ServiceEndedException {
    clash.hear(OTHER);
    clash.disconnected();
    clash.hear(OTHER);
    var end = assertThrows(ServiceEndedException.class, clash::disconnected);
    assertEquals(
        "worker pi-1 ends: another process of this name is connected, and each disconnects the other"
            + " (give each a different name with --name)",
        end.getMessage());
  }

  @Test
  void disconnected_withoutAnotherAnnouncement_neverEnds() throws ServiceEndedException {
    for (int i = 0; i < 10; i++) {
      clash.hear(OWN);
      clash.disconnected();
    }
  }

  @Test
  void disconnected_earlierRunAnnouncedOnce_continues() throws ServiceEndedException {
    clash.hear(OTHER);
    clash.disconnected();
    clash.hear(OWN);
    clash.disconnected();
    clash.hear(OTHER);
    clash.disconnected();
  }
}
