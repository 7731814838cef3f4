package chorale.protocol.bus;

/**
 * Tests the in-memory bus against the contract, so that tests that use it also hold for a real
 * broker.
 */
class MemoryBusTest extends BusContract {
  private final MemoryBroker broker = new MemoryBroker(System::nanoTime);

  @Override
  protected BusFactory factory() {
    return broker.factory();
  }

  @Override
  protected void cut(String clientId) {
    broker.cut(clientId);
  }

  @Override
  protected void restore(String clientId) {
    broker.restore(clientId);
  }
}
