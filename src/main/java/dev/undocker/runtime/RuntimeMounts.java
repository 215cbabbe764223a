package dev.undocker.runtime;

import java.util.List;
import java.util.stream.Stream;

/// Where a runtime mounts file systems of its own, whatever an image has there.
///
/// @param runtime who mounts, for messages
/// @param empty absolute paths of file systems in memory that begin empty and are the container's
///   to write; other engines show the image's own directories there
public record RuntimeMounts(String runtime, List<String> empty) {
    /// Every container has these (runtime-spec `config-linux.md`, Default Filesystems): what an
    /// image has there is what was left of such mounts when it was built, files with content aside.
    public static final List<String> KERNEL = List.of("/dev", "/proc", "/sys");

    public RuntimeMounts {
        empty = List.copyOf(empty);
    }

    /// All of them: directories that a read-only root file system has to have.
    public List<String> points() {
        return Stream.concat(KERNEL.stream(), empty.stream()).toList();
    }
}
