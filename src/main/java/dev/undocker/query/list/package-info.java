/// What `ls` answers: which names, in which order and form.
@NullMarked
package dev.undocker.query.list;

import org.jspecify.annotations.NullMarked;
