/// What `docker save` writes, and those who imitate it. May use `source` and `image`.
@NullMarked
package dev.undocker.source.dockerarchive;

import org.jspecify.annotations.NullMarked;
