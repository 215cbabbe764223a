/// The nouns of an image: digest, platform, config, layer blob, reference. Depends on `content`
/// only.
@NullMarked
package dev.undocker.image;

import org.jspecify.annotations.NullMarked;
