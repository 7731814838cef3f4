/**
 * The publisher: a camera that publishes images from files, folders and zip files as frames at a
 * given rate, and receives the results. It does not depend on workers and aggregators.
 */
package chorale.publisher;
