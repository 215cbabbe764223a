package dev.undocker.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A run of the built program that may have so much memory and no more: in a memory cgroup of its
/// own, of version 1 or 2, whichever this machine has (cgroups(7)).
///
/// @param result what the run left
/// @param cpuSeconds processor time, the kernel's part included
/// @param residentKiB the most of its memory that was resident at once
public record Confined(Undocker.Result result, double cpuSeconds, long residentKiB) {
    private static final Path UNIFIED = Path.of("/sys/fs/cgroup");
    private static final Path MEMORY = UNIFIED.resolve("memory");

    /// @param megabytes of memory, the page cache of its files included
    public static Confined run(int megabytes, Object... arguments)
            throws IOException, InterruptedException {
        Requirements.root();
        boolean old = Files.isDirectory(MEMORY);
        Requirements.require(
                old || Files.exists(UNIFIED.resolve("cgroup.controllers")),
                "needs a memory cgroup");
        Path group = Files.createTempDirectory(old ? MEMORY : UNIFIED, "undocker-test-");
        Path figures = Files.createTempFile("undocker-figures", ".txt");
        try {
            if (!old) {
                Files.writeString(UNIFIED.resolve("cgroup.subtree_control"), "+memory");
            }
            Files.writeString(
                    group.resolve(old ? "memory.limit_in_bytes" : "memory.max"),
                    Long.toString((long) megabytes << 20));
            Undocker inner = Undocker.command(arguments);
            Object[] outer = {
                "-c",
                "echo $$ > \"$1\" && shift && exec \"$@\"",
                "sh",
                group.resolve("cgroup.procs"),
                Requirements.tool("time"),
                "-f",
                "%e %U %S %M",
                "-o",
                figures
            };
            Object[] all =
                    java.util.stream.Stream.concat(
                                    List.of(outer).stream(), inner.command().stream())
                            .toArray();
            Undocker.Result result = Undocker.program(Path.of("/bin/sh"), all).run();
            // a first line says it when the exit code is not 0
            String[] last = Files.readString(figures, UTF_8).lines().toList().getLast().split(" ");
            return new Confined(
                    result,
                    Double.parseDouble(last[1]) + Double.parseDouble(last[2]),
                    Long.parseLong(last[3]));
        } finally {
            Files.delete(figures);
            Files.delete(group);
        }
    }
}
