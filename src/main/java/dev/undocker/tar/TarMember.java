package dev.undocker.tar;

import dev.undocker.rootfs.Content;
import dev.undocker.rootfs.Metadata;

/// One archived item, with everything that its header, PAX records and GNU extensions say already
/// put together. Names and link targets are verbatim bytes, not normalised.
///
/// @param name as stored; a directory may end in a slash
/// @param linkName the link's text or the hard link's target; empty for other types
/// @param content where the bytes lie, sparse maps expanded; empty unless `type` is REGULAR
/// @param deviceMajor 0 unless a device
/// @param deviceMinor 0 unless a device
public record TarMember(
        byte[] name,
        Type type,
        byte[] linkName,
        Metadata metadata,
        Content content,
        int deviceMajor,
        int deviceMinor) {
    public enum Type {
        REGULAR,
        HARD_LINK,
        SYMLINK,
        CHARACTER_DEVICE,
        BLOCK_DEVICE,
        DIRECTORY,
        FIFO
    }
}
