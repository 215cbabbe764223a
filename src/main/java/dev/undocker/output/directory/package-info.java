/// Trees on disk: the `dir` writer, and the sink that all writers of a tree share. Knows `output`,
/// `output.process`, `image`, `rootfs`, `linux`.
@NullMarked
package dev.undocker.output.directory;

import org.jspecify.annotations.NullMarked;
