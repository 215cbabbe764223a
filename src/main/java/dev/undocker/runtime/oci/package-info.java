/// The configuration of OCI runtimes (runtime-spec `config.md`).
@NullMarked
package dev.undocker.runtime.oci;

import org.jspecify.annotations.NullMarked;
