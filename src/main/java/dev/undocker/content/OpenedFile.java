package dev.undocker.content;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;

/// What a file was like when it was opened. Who reads it twice, once to verify it and once to copy
/// it, has to know that it stayed the same.
///
/// @param key which file it is; another one may take its name, and changes nothing for who has it
///   open
/// @param size in bytes
/// @param modified when it was last written to
public record OpenedFile(Path path, Object key, long size, FileTime modified) {
    /// @throws IOException when there is no such file
    public static OpenedFile at(Path path) throws IOException {
        BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
        return new OpenedFile(
                path,
                Objects.requireNonNullElse(found.fileKey(), path),
                found.size(),
                found.lastModifiedTime());
    }

    /// False when somebody wrote to it or changed its size.
    public boolean isUnchanged() throws IOException {
        try {
            OpenedFile now = at(path);
            return !now.key.equals(key) || now.equals(this);
        } catch (NoSuchFileException e) {
            return true;
        }
    }
}
