/**
 * Writers of tables, Markdown, JSON and plots, for evaluations, comparisons and benchmarks. The
 * charting library is used in this package alone. No figure is computed here.
 */
package chorale.evaluation.report;
