package dev.undocker.image;

import java.nio.file.Path;
import java.util.List;

/// What reading the layers of an open image still takes of this machine, beside what is open by
/// then.
///
/// @param connections whether layers come from another machine
/// @param files what connections take: certificates
public record LateReading(boolean connections, List<Path> files) {
    /// All that the image takes is open.
    public static final LateReading NONE = new LateReading(false, List.of());
}
