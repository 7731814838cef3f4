/**
 * Writers of tables, Markdown, JSON and plots, for evaluations, comparisons and benchmarks. Only
 * this package uses the charting library. It computes no figures.
 */
package chorale.evaluation.report;
