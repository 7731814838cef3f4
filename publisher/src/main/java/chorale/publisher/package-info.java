/**
 * The camera's side: images from files, folders and zip files to frames, at a rate, and the results
 * that come back. Workers and aggregators are not known here.
 */
package chorale.publisher;
