/// The OCI image layout, as a directory or in a tar. May use `source`, `source.manifest` and
/// `image`.
@NullMarked
package dev.undocker.source.ocilayout;

import org.jspecify.annotations.NullMarked;
