/// Descriptors, manifests and indexes (image-spec) and the way from an index to one image, for
/// every source that finds blobs by digest. May use `source` and `image`.
@NullMarked
package dev.undocker.source.manifest;

import org.jspecify.annotations.NullMarked;
