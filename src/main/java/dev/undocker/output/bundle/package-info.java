/// What OCI runtimes start: runc, crun and others.
@NullMarked
package dev.undocker.output.bundle;

import org.jspecify.annotations.NullMarked;
