/// What LXC starts: configurations, and bundles for `lxc-create`.
@NullMarked
package dev.undocker.output.lxc;

import org.jspecify.annotations.NullMarked;
