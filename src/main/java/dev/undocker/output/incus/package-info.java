/// Images for Incus and LXD.
@NullMarked
package dev.undocker.output.incus;

import org.jspecify.annotations.NullMarked;
