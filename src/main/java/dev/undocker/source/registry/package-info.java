/// Images from a registry: whom to ask, whom to believe, and how. May use `source` and `image`.
@NullMarked
package dev.undocker.source.registry;

import org.jspecify.annotations.NullMarked;
