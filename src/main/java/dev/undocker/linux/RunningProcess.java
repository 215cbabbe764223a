package dev.undocker.linux;

import dev.undocker.DirectoryListing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Another process of this machine, or what of it is shown to this one: `/proc/PID` (proc(5)). It
/// may end at any time, and the processes of other users show little; what cannot be seen is not
/// there.
///
/// @param id its number
public record RunningProcess(long id) {
    /// What a process holds on to.
    public enum Hold {
        ROOT("root"),
        WORKING_DIRECTORY("cwd"),
        PROGRAM("exe");

        private final String link;

        Hold(String link) {
            this.link = link;
        }
    }

    /// All but this one.
    public static List<RunningProcess> others() {
        List<RunningProcess> processes = new ArrayList<>();
        try {
            long self = ProcessHandle.current().pid();
            for (Path file : DirectoryListing.of(Path.of("/proc"))) {
                String name = file.getFileName().toString();
                if (Character.isDigit(name.charAt(0)) && Long.parseLong(name) != self) {
                    processes.add(new RunningProcess(Long.parseLong(name)));
                }
            }
        } catch (IOException none) {
            return List.of();
        }
        return processes;
    }

    /// The name of its program, at most 15 bytes, which it may choose itself.
    public String name() {
        try {
            return new String(Files.readAllBytes(file("comm")), StandardCharsets.UTF_8).strip();
        } catch (IOException gone) {
            return "?";
        }
    }

    /// Whether what it holds on to is a directory or something below it. A process in another mount
    /// namespace may see other things under the same paths; there [#mounts()] tells more.
    ///
    /// @param real a real path
    public boolean isWithin(Path real, Hold hold) {
        try {
            Path link = file(hold.link);
            Path target = Files.readSymbolicLink(link);
            return target.startsWith(real) && Files.isSameFile(link, target);
        } catch (IOException unseen) {
            return false;
        }
    }

    /// What it sees mounted, by paths from its root.
    public MountTable mounts() {
        return MountTable.read(Long.toString(id));
    }

    /// Equal for processes with the same [#mounts()]; empty where that is not shown.
    public Optional<List<Path>> view() {
        try {
            return Optional.of(
                    List.of(
                            Files.readSymbolicLink(file("ns/mnt")),
                            Files.readSymbolicLink(file("root"))));
        } catch (IOException unseen) {
            return Optional.empty();
        }
    }

    private Path file(String name) {
        return Path.of("/proc", Long.toString(id), name);
    }
}
