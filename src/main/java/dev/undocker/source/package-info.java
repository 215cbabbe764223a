/// Where images come from: one package a transport. May use `image`, `codec`, `tar`, `content`.
@NullMarked
package dev.undocker.source;

import org.jspecify.annotations.NullMarked;
