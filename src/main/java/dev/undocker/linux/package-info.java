/// System calls behind one interface, with a pure-Java twin, and shared libraries. Uses no other
/// package here.
@NullMarked
package dev.undocker.linux;

import org.jspecify.annotations.NullMarked;
