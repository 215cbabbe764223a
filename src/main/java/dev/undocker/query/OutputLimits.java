package dev.undocker.query;

import java.util.List;

/// What one kind of output cannot carry of an image.
///
/// @param output its command, such as `lxc`
/// @param isFilesOnly true when it has nothing of what the image says beside its files
/// @param sentences what else is lost and why, as a conversion would say it
public record OutputLimits(String output, boolean isFilesOnly, List<String> sentences) {
    public OutputLimits {
        sentences = List.copyOf(sentences);
    }
}
