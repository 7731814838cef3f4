/**
 * Systems measured as they run: sites of real processes on this machine, a camera that times their
 * answers, and the rounds that compare them.
 */
package chorale.site;
