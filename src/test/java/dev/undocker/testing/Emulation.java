package dev.undocker.testing;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The kernel starts programs of arm64 by qemu, as on a machine whose `qemu-user-static` registers
/// that: binfmt_misc(5). What was registered before stays.
public final class Emulation implements Closeable {
    private static final Path USUAL = Path.of("/proc/sys/fs/binfmt_misc");
    private static final String NAME = "qemu-aarch64";

    /// As `qemu-user-static` has it for systemd-binfmt(8).
    private static final Path RULE = Path.of("/usr/lib/binfmt.d/qemu-aarch64.conf");

    private final Path directory;
    private final boolean mounted;
    private final boolean registered;

    private Emulation(Path directory, boolean mounted, boolean registered) {
        this.directory = directory;
        this.mounted = mounted;
        this.registered = registered;
    }

    /// @param directory an empty one, where the kernel's table can be seen
    public static Emulation ofArm64(Path directory) throws IOException, InterruptedException {
        Requirements.root();
        Requirements.require(Files.exists(RULE), "needs qemu-user-static");
        boolean mounted = !Files.exists(USUAL.resolve("register"));
        if (mounted) {
            Undocker.Result mount =
                    Undocker.program(
                                    Requirements.tool("mount"),
                                    "-t",
                                    "binfmt_misc",
                                    "none",
                                    directory)
                            .run();
            Requirements.require(mount.exitCode() == 0, "needs binfmt_misc: " + mount.errors());
        }
        Path table = mounted ? directory : USUAL;
        boolean registered = !Files.exists(table.resolve(NAME));
        Emulation emulation = new Emulation(table, mounted, registered);
        if (registered) {
            Files.writeString(table.resolve("register"), Files.readString(RULE));
        }
        return emulation;
    }

    @Override
    public void close() throws IOException {
        if (registered) {
            Files.writeString(directory.resolve(NAME), "-1");
        }
        if (mounted) {
            try {
                Undocker.program(Requirements.tool("umount"), directory).succeed();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
