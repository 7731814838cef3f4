package chorale.protocol;

/**
 * What an aggregator announces of itself, retained. Immutable.
 *
 * @param session changes whenever it starts anew
 * @param fusion the rule's name
 * @param deadlineMillis the default budget
 * @param quorum variants that suffice, 0 where off
 * @param version of the software
 */
public record AggregatorInfo(
    String name, long session, String fusion, int deadlineMillis, int quorum, String version) {
  public AggregatorInfo {
    Names.require("aggregator", name);
  }
}
