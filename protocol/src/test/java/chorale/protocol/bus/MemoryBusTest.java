package chorale.protocol.bus;

/** The in-memory fake keeps the contract, so that what is tested on it holds on a real broker. */
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
