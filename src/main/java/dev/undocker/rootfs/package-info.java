/// The nouns of a merged root file system, which every writer receives: path, metadata, inode,
/// entry. Depends on `content` only.
@NullMarked
package dev.undocker.rootfs;

import org.jspecify.annotations.NullMarked;
