package dev.undocker;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.util.ArrayList;
import java.util.List;

/// What stands in a directory, read as a whole: Java's own loops over directories throw what is
/// unchecked when the file system fails midway (a bad disk, a server that is gone), and this an
/// [IOException], as opening the directory does.
public final class DirectoryListing {
    private DirectoryListing() {}

    /// The files in `directory`, in no order, without `.` and `..`.
    public static List<Path> of(Path directory) throws IOException {
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            return all(stream);
        }
    }

    /// The same by handle, which stays open. A listing may be made again.
    ///
    /// @return relative paths whose last name counts
    public static List<Path> of(SecureDirectoryStream<Path> directory) throws IOException {
        try (DirectoryStream<Path> stream = directory.newDirectoryStream(Path.of("."))) {
            return all(stream);
        }
    }

    private static List<Path> all(DirectoryStream<Path> stream) throws IOException {
        List<Path> files = new ArrayList<>();
        try {
            stream.forEach(files::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return files;
    }
}
