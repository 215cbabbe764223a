/// Compression by magic: decoders, parallel encoders. Depends on nothing else here.
@NullMarked
package dev.undocker.codec;

import org.jspecify.annotations.NullMarked;
