@NullMarked
package dev.undocker.query.picture;

import org.jspecify.annotations.NullMarked;
