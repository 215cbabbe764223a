package dev.undocker.runtime.lxc;

import dev.undocker.UndockerException;
import dev.undocker.Warnings;
import dev.undocker.runtime.ContainerName;
import dev.undocker.runtime.ControlCharacters;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What `lxc-create` adds to an image's configuration: the container's place and name, and this
/// machine's `default.conf` (lxc.container.conf(5)), whose values win.
public final class LxcHost {
    /// Where `lxc-create` takes a new container's configuration from.
    public static final Path DEFAULTS = Path.of("/etc/lxc/default.conf");

    private LxcHost() {}

    /// @param rootfs absolute
    /// @param idMap values of `lxc.idmap`, as which the tree is owned
    /// @param defaults may be missing
    /// @throws UndockerException when LXC cannot hold the path, or `defaults` cannot be read
    public static String lines(
            Path rootfs, ContainerName name, List<String> idMap, Path defaults, Warnings warnings) {
        String path = "dir:" + rootfs;
        if (ControlCharacters.in(path)) {
            throw new UndockerException(
                    rootfs + ": LXC cannot hold a path with control characters");
        }
        List<String> lines = new ArrayList<>();
        lines.add("lxc.rootfs.path = " + LxcGrammar.quoted(path));
        lines.add("lxc.uts.name = " + name);
        idMap.forEach(value -> lines.add("lxc.idmap = " + value));
        for (String line : read(defaults)) {
            String trimmed = line.strip();
            if (trimmed.startsWith("lxc.idmap")) {
                if (idMap.isEmpty()) {
                    warnings.warn(
                            "%s: %s: left out: the tree is not shifted; see --uid-map and --gid-map"
                                    .formatted(defaults, trimmed));
                }
            } else if (trimmed.startsWith("lxc.")) {
                lines.add(trimmed);
            }
        }
        return String.join("\n", lines) + "\n";
    }

    private static List<String> read(Path defaults) {
        try {
            return Files.readAllLines(defaults, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw UndockerException.because(defaults.toString(), e);
        }
    }
}
