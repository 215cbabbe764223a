package dev.undocker.query;

import java.util.List;

/// What one kind of output cannot carry of an image.
///
/// @param output its command, such as `lxc`
/// @param sentences what is lost and why, as a conversion would say it; empty when nothing is
public record OutputLimits(String output, List<String> sentences) {
    public OutputLimits {
        sentences = List.copyOf(sentences);
    }
}
