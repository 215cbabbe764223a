package dev.undocker.source;

import dev.undocker.UndockerException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Whose process this is.
public final class CurrentUser {
    /// The user ID of root.
    public static final String ROOT = "0";

    private CurrentUser() {}

    /// The effective user ID, in decimal digits.
    public static String id() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").toString();
        } catch (IOException e) {
            throw UndockerException.because("/proc/self: whose process this is", e);
        }
    }
}
