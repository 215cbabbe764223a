package dev.undocker.output.program;

import dev.undocker.UndockerException;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// A program that an output needs on this machine.
///
/// @param debianPackage what to install where it is missing
public record Program(String name, String debianPackage) {
    /// Where Debian keeps programs of the administrator, which users have not in their `PATH`.
    private static final List<String> SBIN = List.of("/usr/local/sbin", "/usr/sbin", "/sbin");

    /// Where it is.
    public Optional<Path> find() {
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
        return Stream.concat(Arrays.stream(path.split(File.pathSeparator)), SBIN.stream())
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, name))
                .filter(file -> Files.isExecutable(file) && Files.isRegularFile(file))
                .findFirst();
    }

    /// The same.
    ///
    /// @throws UndockerException when it is missing
    public Path require() {
        return find().orElseThrow(() ->
                new UndockerException(name + ": no such program here")
                        .withHint("install it, on Debian with: sudo apt install " + debianPackage));
    }
}
