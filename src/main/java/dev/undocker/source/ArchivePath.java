package dev.undocker.source;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;

/// Names of archive members in one spelling: `./a`, `/a`, `a//` and `b/../a` are all `a`.
final class ArchivePath {
    private ArchivePath() {}

    /// @return null when the name leaves the archive
    static @Nullable String normalize(String name) {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : name.split("/")) {
            switch (part) {
                case "", "." -> {}
                case ".." -> {
                    if (parts.pollLast() == null) {
                        return null;
                    }
                }
                default -> parts.addLast(part);
            }
        }
        return String.join("/", parts);
    }

    /// What a symbolic link means; the archive's top is the root for an absolute target.
    ///
    /// @param link normalised
    /// @return null when the target leaves the archive
    static @Nullable String resolve(String link, String target) {
        return normalize(
                target.startsWith("/")
                        ? target
                        : link.substring(0, link.lastIndexOf('/') + 1) + target);
    }
}
