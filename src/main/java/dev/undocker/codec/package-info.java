/// Compression by magic: decoders, parallel encoders. May use `linux`, for libraries of this
/// machine.
@NullMarked
package dev.undocker.codec;

import org.jspecify.annotations.NullMarked;
