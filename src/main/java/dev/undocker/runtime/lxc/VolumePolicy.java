package dev.undocker.runtime.lxc;

import dev.undocker.UndockerException;

import java.nio.file.Path;

/// What becomes of an image's volumes.
public sealed interface VolumePolicy {
    /// A directory of the root file system; the configuration only mentions it.
    record Directory() implements VolumePolicy {}

    /// An empty tmpfs at each start.
    record Tmpfs() implements VolumePolicy {}

    /// A directory of the host, with the volume's path below it; it must exist at the start.
    ///
    /// @param hostDirectory absolute
    record Bind(String hostDirectory) implements VolumePolicy {}

    /// @param text `dir`, `tmpfs` or `bind:DIRECTORY`
    /// @throws UndockerException when it is none of them, or LXC cannot hold the directory's name
    static VolumePolicy parse(String text) {
        if (text.equals("dir")) {
            return new Directory();
        }
        if (text.equals("tmpfs")) {
            return new Tmpfs();
        }
        if (!text.startsWith("bind:")) {
            throw UndockerException.usage(
                    "--volumes %s: is neither dir, tmpfs nor bind:DIRECTORY".formatted(text));
        }
        String directory = text.substring("bind:".length());
        if (directory.isEmpty() || !LxcGrammar.holds(directory)) {
            throw UndockerException.usage(
                    "--volumes %s: LXC cannot mount this directory".formatted(text));
        }
        return new Bind(Path.of(directory).toAbsolutePath().normalize().toString());
    }
}
