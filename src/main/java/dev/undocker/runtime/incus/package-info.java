/// What Incus and LXD read of an image: metadata, and the process as Incus can start it.
@NullMarked
package dev.undocker.runtime.incus;

import org.jspecify.annotations.NullMarked;
