/// Images in registries: their names, whom to ask, whom to believe, and who the user is there. May
/// use `source`, `source.cache`, `source.manifest` and `image`.
@NullMarked
package dev.undocker.source.registry;

import org.jspecify.annotations.NullMarked;
