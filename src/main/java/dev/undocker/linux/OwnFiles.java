package dev.undocker.linux;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What this process reads of its machine whatever it works on: the Java that runs it and its own
/// classes, which are opened when they are needed first, and what the kernel says of the process
/// and of its limits. Nothing there is secret.
final class OwnFiles {
    /// The kernel's answers, sources of randomness, the time zone, and what the loader of native
    /// libraries looks for.
    private static final List<String> OF_THE_MACHINE =
            List.of(
                    "/proc/self",
                    "/proc/meminfo",
                    "/proc/cpuinfo",
                    "/proc/stat",
                    "/proc/sys/vm",
                    "/sys/fs/cgroup",
                    "/sys/devices/system",
                    "/sys/kernel/mm",
                    "/dev/random",
                    "/dev/urandom",
                    "/dev/zero",
                    "/dev/null",
                    "/dev/tty",
                    "/etc/localtime",
                    "/usr/share/zoneinfo",
                    "/etc/ld.so.cache",
                    "/lib",
                    "/lib64",
                    "/usr/lib");

    /// What names of servers are looked up by: resolv.conf(5), nsswitch.conf(5), hosts(5), and the
    /// directories to which links in `/etc` lead, since what lies there is made anew.
    private static final List<String> OF_NAMES =
            List.of(
                    "/etc/resolv.conf",
                    "/etc/nsswitch.conf",
                    "/etc/hosts",
                    "/etc/host.conf",
                    "/etc/gai.conf",
                    "/etc/services",
                    "/etc/protocols",
                    "/etc/mdns.allow",
                    "/etc/crypto-policies",
                    "/run/systemd/resolve",
                    "/run/resolvconf",
                    "/run/NetworkManager");

    /// Links into `/etc` where a distribution has made its own Java.
    private static final List<String> OF_JAVA =
            List.of("conf/logging.properties", "conf/security/java.security");

    private OwnFiles() {}

    /// Files, and directories with all below them; some may be missing.
    static List<Path> list() {
        List<Path> files =
                new ArrayList<>(Stream.of(IdKind.values()).map(IdKind::subordinate).toList());
        OF_THE_MACHINE.forEach(name -> files.add(Path.of(name)));
        String home = System.getProperty("java.home");
        if (home != null) {
            files.add(Path.of(home));
            OF_JAVA.forEach(name -> addDirectory(Path.of(home, name), files));
        }
        for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator)) {
            Path path = Path.of(entry).toAbsolutePath();
            if (Files.isDirectory(path)) {
                files.add(path);
            } else {
                addDirectory(path, files);
            }
        }
        return files;
    }

    /// The same for what connections take; some may be missing.
    static List<Path> forConnections() {
        return OF_NAMES.stream().map(Path::of).toList();
    }

    private static void addDirectory(Path file, List<Path> files) {
        try {
            Path directory = file.toRealPath().getParent();
            if (directory != null) {
                files.add(directory);
            }
        } catch (IOException missing) {
            // nobody reads it
        }
    }
}
