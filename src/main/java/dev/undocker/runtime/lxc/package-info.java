/// LXC configuration of an image (lxc.container.conf(5), LXC 5 and later).
@NullMarked
package dev.undocker.runtime.lxc;

import org.jspecify.annotations.NullMarked;
