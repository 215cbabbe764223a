/// Blobs that were fetched before, by digest, in a directory of the user's. May use `source`,
/// `image` and `content`.
@NullMarked
package dev.undocker.source.cache;

import org.jspecify.annotations.NullMarked;
