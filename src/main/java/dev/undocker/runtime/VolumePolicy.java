package dev.undocker.runtime;

import dev.undocker.Spelling;
import dev.undocker.UndockerException;

import java.nio.file.Path;
import java.util.List;

/// What becomes of an image's volumes.
public sealed interface VolumePolicy {
    /// A directory of the root file system: what is written there stays.
    record Directory() implements VolumePolicy {}

    /// A tmpfs, new at each start, with the owner and mode of the image's directory.
    record Tmpfs() implements VolumePolicy {}

    /// A directory of the host, with the volume's path below it.
    ///
    /// @param hostDirectory absolute, without `.` and `..`
    record Bind(String hostDirectory) implements VolumePolicy {
        /// Where a volume lies on the host.
        public String source(Volume volume) {
            return hostDirectory.equals("/")
                    ? volume.mountPoint()
                    : hostDirectory + volume.mountPoint();
        }
    }

    /// @param text `dir`, `tmpfs` or `bind:DIRECTORY`; it comes from the command line
    /// @throws UndockerException when it is none of them, or the directory is not absolute
    static VolumePolicy parse(String text) {
        if (text.equals("dir")) {
            return new Directory();
        }
        if (text.equals("tmpfs")) {
            return new Tmpfs();
        }
        if (!text.startsWith("bind:")) {
            throw Spelling.refusal("--volumes " + text, text, List.of("dir", "tmpfs", "bind:DIR"));
        }
        Path directory = Path.of(text.substring("bind:".length()));
        if (!directory.isAbsolute()) {
            throw UndockerException.usage("--volumes %s: not an absolute path".formatted(text))
                    .withHint("a container knows no current directory: begin the path with /");
        }
        return new Bind(directory.normalize().toString());
    }
}
