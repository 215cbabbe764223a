package dev.undocker.output;

import java.nio.file.Path;
import java.util.List;

/// What an output is once it has its final name, for the user who asks what to do with it.
///
/// @param place what was made
/// @param files whose sizes are its size; none where it is a tree, as large as the image's content
/// @param next the command to type next ([ShellCommand]); empty where there is none
public record Made(Path place, List<Path> files, String next) {
    public Made {
        files = List.copyOf(files);
    }

    /// A single file.
    public static Made file(Path file, String next) {
        return new Made(file, List.of(file), next);
    }

    /// A directory with a root filesystem in it.
    public static Made tree(Path directory, String next) {
        return new Made(directory, List.of(), next);
    }
}
