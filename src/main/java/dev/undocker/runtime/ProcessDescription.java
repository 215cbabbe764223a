package dev.undocker.runtime;

import dev.undocker.UndockerException;
import dev.undocker.Warnings;
import dev.undocker.image.ImageConfig;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.RootfsView;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a container of an image runs, complete and in the kernel's terms. All text becomes UTF-8
/// where it is written, holds no NUL and no unpaired surrogates; every other character may occur,
/// line ends included.
///
/// @param argv never empty; `argv[0]` as the image says it
/// @param program absolute path of what `argv[0]` starts, found with the image's `PATH`
/// @param environment each name once, in the image's order; `PATH` and `HOME` are always there
/// @param workingDirectory absolute and normal; the directory may be missing in the image
public record ProcessDescription(
        List<String> argv,
        String program,
        List<EnvironmentVariable> environment,
        String workingDirectory,
        ProcessUser user,
        StopSignal stopSignal) {
    private static final String DEFAULT_PATH =
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final int ANY_EXECUTE = 0111;

    public ProcessDescription {
        argv = List.copyOf(argv);
        environment = List.copyOf(environment);
    }

    /// Reads the image's config, with the user's overrides, against its merged root file system.
    ///
    /// @throws UndockerException when the image is not for Linux, a user or group is not known, or
    ///   text cannot exist in a process at all
    public static ProcessDescription of(
            ImageConfig config, ProcessOverrides overrides, RootfsView rootfs, Warnings warnings) {
        if (!config.platform().isLinux()) {
            throw new UndockerException(
                    "an image for %s: Linux cannot run its programs".formatted(config.platform()),
                    "undocker rootfs and undocker dir write its files",
                    null);
        }
        ImageConfig.Process process = overrides.applyTo(config.process());
        ProcessUser user = UserDatabase.of(rootfs, warnings).resolve(process.user());
        List<String> argv = argv(process, warnings);
        Map<String, String> environment = environment(process.env(), warnings);
        environment.putIfAbsent("PATH", DEFAULT_PATH);
        environment.putIfAbsent("HOME", user.home());
        String directory = text("working directory", process.workingDir(), "--workdir");
        String workingDirectory = ContainerPath.absolute("/", directory);
        return new ProcessDescription(
                argv,
                program(
                        argv.getFirst(),
                        environment.getOrDefault("PATH", DEFAULT_PATH),
                        workingDirectory,
                        rootfs,
                        warnings),
                environment.entrySet().stream()
                        .map(e -> new EnvironmentVariable(e.getKey(), e.getValue()))
                        .toList(),
                workingDirectory,
                user,
                stopSignal(process.stopSignal(), warnings));
    }

    private static List<String> argv(ImageConfig.Process process, Warnings warnings) {
        List<String> argv = new ArrayList<>();
        for (String word : process.entrypoint()) {
            argv.add(text("entrypoint", word, "--entrypoint"));
        }
        for (String word : process.cmd()) {
            argv.add(text("command", word, "--cmd"));
        }
        if (argv.isEmpty()) {
            warnings.warn("the image names no command: /bin/sh is used");
            argv.add("/bin/sh");
        }
        return argv;
    }

    private static Map<String, String> environment(List<String> entries, Warnings warnings) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (String entry : entries) {
            int equals = entry.indexOf('=');
            String name = equals < 0 ? entry : entry.substring(0, equals);
            if (name.isEmpty() || entry.indexOf('\0') >= 0) {
                warnings.warn(
                        "environment variable %s: left out: %s"
                                .formatted(
                                        entry, name.isEmpty() ? "it has no name" : "it holds NUL"));
            } else {
                environment.put(
                        wellFormed(name),
                        equals < 0 ? "" : wellFormed(entry.substring(equals + 1)));
            }
        }
        return environment;
    }

    private static StopSignal stopSignal(@Nullable String text, Warnings warnings) {
        if (text == null || text.isEmpty()) {
            return StopSignal.SIGTERM;
        }
        return StopSignal.parse(text)
                .orElseGet(() -> {
                    warnings.warn("stop signal " + text + ": unknown: SIGTERM is used");
                    return StopSignal.SIGTERM;
                });
    }

    /// As execvp(3) searches, with the container's root and directory.
    private static String program(
            String name,
            String path,
            String workingDirectory,
            RootfsView rootfs,
            Warnings warnings) {
        List<String> candidates = new ArrayList<>();
        if (name.indexOf('/') >= 0) {
            candidates.add(ContainerPath.absolute(workingDirectory, name));
        } else {
            for (String directory : path.split(":", -1)) {
                String from = ContainerPath.absolute(workingDirectory, directory);
                candidates.add(ContainerPath.absolute(from, name));
            }
        }
        for (String candidate : candidates) {
            if (rootfs.resolve(RootfsPath.of(candidate)) instanceof Inode.RegularFile file
                    && (file.metadata().mode() & ANY_EXECUTE) != 0) {
                return candidate;
            }
        }
        warnings.warn("program %s: the image has no such executable file".formatted(name));
        return candidates.getFirst();
    }

    private static String text(String what, String text, String option) {
        if (text.indexOf('\0') >= 0) {
            throw new UndockerException(
                    "%s %s: holds a NUL character, which no process can receive"
                            .formatted(
                                    what,
                                    RootfsPath.printable(text.getBytes(StandardCharsets.UTF_8))),
                    "replace it with " + option,
                    null);
        }
        return wellFormed(text);
    }

    /// JSON can hold half a surrogate pair, UTF-8 cannot: U+FFFD stands for it, as in Go.
    private static String wellFormed(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.UTF_16BE);
    }
}
