/// Images that an engine on this machine or elsewhere keeps: Docker's daemon and the storage of
/// podman. May use `source`, `source.registry` and `image`.
@NullMarked
package dev.undocker.source.daemon;

import org.jspecify.annotations.NullMarked;
