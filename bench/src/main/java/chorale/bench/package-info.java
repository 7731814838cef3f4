/** The benchmark, {@code ./chorale bench}: parts that measure, and one form for what they find. */
package chorale.bench;
