/**
 * The commands of a camera and of who watches it: publish, watch, demo, and how a result looks in a
 * terminal.
 */
package chorale.cli.camera;
