/**
 * The benchmark, {@code ./chorale bench}: its parts, and their figures with targets. No product
 * code depends on this package.
 */
package chorale.bench;
