/// Images in registries: their names, whom the user is there, and what a registry asks for. May use
/// `source` and `image`.
@NullMarked
package dev.undocker.source.registry;

import org.jspecify.annotations.NullMarked;
