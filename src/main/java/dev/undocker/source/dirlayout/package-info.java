/// What `skopeo copy … dir:PATH` writes. May use `source`, `source.manifest` and `image`.
@NullMarked
package dev.undocker.source.dirlayout;

import org.jspecify.annotations.NullMarked;
