/**
 * Model sets on disk: their variants' manifests, files and digests, checked on loading. Inference
 * does not belong here.
 */
package chorale.variants;
