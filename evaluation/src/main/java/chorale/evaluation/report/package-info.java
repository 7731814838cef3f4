/**
 * Writers of reports: tables, Markdown, JSON and plots, for evaluations, comparisons and
 * benchmarks. The charting library is used in this package alone.
 */
package chorale.evaluation.report;
