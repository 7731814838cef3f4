/**
 * Images to frames, at a rate, from files, folders and zip files, and what became of them: the
 * camera's side of Chorale.
 */
package chorale.publisher;
