/// System calls behind one interface, with a pure-Java twin. Depends on nothing else here.
@NullMarked
package dev.undocker.linux;

import org.jspecify.annotations.NullMarked;
