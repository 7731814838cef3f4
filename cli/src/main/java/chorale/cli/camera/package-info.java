/**
 * The commands that publish images and show results: publish, watch, demo, and the terminal format
 * of a result.
 */
package chorale.cli.camera;
