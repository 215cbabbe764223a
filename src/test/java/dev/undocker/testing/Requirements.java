package dev.undocker.testing;

import dev.undocker.linux.SharedLibrary;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/// What a test needs of its machine. A test whose need is not met skips itself and says why; where
/// the environment variable `UNDOCKER_REQUIRE_ALL` is set, as in continuous integration, it fails.
public final class Requirements {
    private static final boolean ALL = System.getenv("UNDOCKER_REQUIRE_ALL") != null;

    private Requirements() {}

    /// Whether what is not met fails a test.
    public static boolean areFirm() {
        return ALL;
    }

    /// The program of this name on `PATH`.
    public static Path tool(String name) {
        Optional<Path> tool = find(name);
        require(tool.isPresent(), "needs the program " + name);
        return tool.orElseThrow();
    }

    /// Needs each of these programs on `PATH`.
    public static void tools(String... names) {
        for (String name : names) {
            tool(name);
        }
    }

    /// Needs a shared library of this name where dlopen(3) finds it.
    public static void library(String name) {
        require(SharedLibrary.find(name) != null, "needs the library " + name);
    }

    /// Needs the rights of the super-user: device nodes, owners, name spaces.
    public static void root() {
        require(
                "root".equals(System.getProperty("user.name")),
                "needs the rights of the super-user");
    }

    /// Needs whatever else the sentence says, for example "needs a kernel with overlayfs".
    public static void require(boolean met, String sentence) {
        if (ALL) {
            Assertions.assertTrue(met, sentence);
        } else {
            Assumptions.assumeTrue(met, sentence);
        }
    }

    private static Optional<Path> find(String name) {
        String path = System.getenv("PATH") + ":/usr/sbin:/sbin";
        return Arrays.stream(path.split(File.pathSeparator))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
