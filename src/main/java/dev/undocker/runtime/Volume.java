package dev.undocker.runtime;

import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsPath;

import java.nio.charset.StandardCharsets;

/// A directory that an image declares as a volume (image-spec `config.md`, `Volumes`).
///
/// @param declared absolute, as the image says it
/// @param path without symbolic links, not the root
/// @param metadata of the image's directory, or of the one that is made where it has none
/// @param hasContent whether the image has anything in it
public record Volume(String declared, RootfsPath path, Metadata metadata, boolean hasContent) {
    /// The path as a process in the container writes it.
    public String mountPoint() {
        return "/" + new String(path.toBytes(), StandardCharsets.UTF_8);
    }

    /// What makes a tmpfs like the image's directory (tmpfs(5)); ids are the container's.
    public String tmpfsOptions() {
        return "mode=%04o,uid=%d,gid=%d".formatted(metadata.mode(), metadata.uid(), metadata.gid());
    }

    /// False when [#mountPoint()] cannot say the path, because it is not UTF-8.
    boolean isText() {
        return RootfsPath.of(mountPoint()).equals(path);
    }
}
