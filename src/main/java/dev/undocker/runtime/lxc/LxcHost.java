package dev.undocker.runtime.lxc;

import dev.undocker.UndockerException;
import dev.undocker.Warnings;
import dev.undocker.runtime.ContainerName;
import dev.undocker.runtime.ControlCharacters;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/// What `lxc-create` adds to an image's configuration: the container's place and name, and this
/// machine's `default.conf` (lxc.container.conf(5)), whose values win. What this machine wants
/// different for one container comes last.
public final class LxcHost {
    /// Where `lxc-create` takes a new container's configuration from.
    public static final Path DEFAULTS = Path.of("/etc/lxc/default.conf");

    /// What LXC's hook for [LxcNetwork#DHCP] starts.
    public static final Path DHCP_CLIENT = Path.of("/sbin/dhclient");

    /// A character for each byte.
    private static final Charset BYTES = StandardCharsets.ISO_8859_1;

    private LxcHost() {}

    /// The lines as bytes: `defaults` may be in any encoding, and comes out in it.
    ///
    /// @param rootfs absolute
    /// @param idMap values of `lxc.idmap`, as which the tree is owned
    /// @param defaults may be missing
    /// @param local a file of further settings, absolute; LXC starts nothing while it is missing
    /// @throws UndockerException when LXC cannot hold a path, or `defaults` cannot be read
    public static byte[] lines(
            Path rootfs,
            ContainerName name,
            List<String> idMap,
            Path defaults,
            Path local,
            Warnings warnings) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        add(lines, "lxc.rootfs.path = " + value("dir:", rootfs), StandardCharsets.UTF_8);
        add(lines, "lxc.uts.name = " + name, StandardCharsets.UTF_8);
        idMap.forEach(value -> add(lines, "lxc.idmap = " + value, StandardCharsets.UTF_8));
        for (String line : read(defaults)) {
            String trimmed = line.strip();
            if (trimmed.startsWith("lxc.idmap")) {
                if (idMap.isEmpty()) {
                    warnings.warn(
                            "%s: %s: left out: the tree is not shifted; see --uid-map and --gid-map"
                                    .formatted(defaults, trimmed));
                }
            } else if (trimmed.startsWith("lxc.")) {
                add(lines, trimmed, BYTES);
            }
        }
        add(lines, "lxc.include = " + value("", local), StandardCharsets.UTF_8);
        return lines.toByteArray();
    }

    /// Says when this machine has no such program, without which a container with [LxcNetwork#DHCP]
    /// does not start.
    public static void warnOfMissingClient(Path client, Warnings warnings) {
        if (!Files.isExecutable(client)) {
            warnings.warn(
                    "--dhcp: there is no %s, without which LXC does not start the container: on"
                                    .formatted(client)
                            + " Debian it comes with isc-dhcp-client");
        }
    }

    private static String value(String kind, Path path) {
        if (ControlCharacters.in(path.toString())) {
            throw new UndockerException(path + ": LXC cannot hold a path with control characters");
        }
        return LxcGrammar.quoted(kind + path);
    }

    private static void add(ByteArrayOutputStream lines, String line, Charset encoding) {
        lines.writeBytes((line + "\n").getBytes(encoding));
    }

    private static List<String> read(Path defaults) {
        try {
            return Files.readAllLines(defaults, BYTES);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw UndockerException.because(defaults.toString(), e);
        }
    }
}
