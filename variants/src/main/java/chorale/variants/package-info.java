/**
 * Model sets on disk: manifests, model files and digests, validated on loading. Inference is
 * elsewhere.
 */
package chorale.variants;
