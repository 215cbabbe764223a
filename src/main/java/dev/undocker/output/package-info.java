/// Writers as plug-ins, and atomic destinations. Knows `rootfs`, `image`; never layers, whiteouts
/// or sources.
@NullMarked
package dev.undocker.output;

import org.jspecify.annotations.NullMarked;
