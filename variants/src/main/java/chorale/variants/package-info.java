/**
 * What a variant is: its manifest, and the model set that it was trained in. Knows files and their
 * form, and nothing of inference.
 */
package chorale.variants;
