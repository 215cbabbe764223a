package dev.undocker.output.incus;

import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;

/// A daemon of LXD with everything of its own: see `lxd.sh`. It ends with this process, however
/// that ends.
final class Lxd implements AutoCloseable {
    private static final String PRESEED =
            """
            storage_pools:
            - {name: default, driver: dir}
            profiles:
            - name: default
              devices:
                root: {type: disk, path: /, pool: default}
            """;

    private final Path directory;
    private final Process daemon;

    private Lxd(Path directory, Process daemon) {
        this.directory = directory;
        this.daemon = daemon;
    }

    /// Starts the daemon, and gives it a storage pool but no network.
    static Lxd start() throws IOException, InterruptedException {
        Requirements.root();
        Requirements.tools("lxd", "lxc", "unshare", "mount", "tar", "xz");
        // short, for the name of a socket; searchable, for the root of a container
        Path directory = Files.createTempDirectory(Path.of("/tmp"), "undocker-lxd");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path script = directory.resolve("lxd.sh");
        try (InputStream in = Lxd.class.getResourceAsStream("/dev/undocker/lxd.sh")) {
            Files.copy(in, script);
        }
        Path log = directory.resolve("log");
        Process daemon =
                new ProcessBuilder("/bin/sh", script.toString(), directory.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        Lxd lxd = new Lxd(directory, daemon);
        boolean ready = lxd.program("lxd", "waitready", "--timeout=20").run().exitCode() == 0;
        String said = Files.readString(log);
        if (!ready) {
            lxd.close();
        }
        Requirements.require(ready, "needs a machine on which LXD's daemon starts: " + said);
        Path preseed = Files.writeString(directory.resolve("preseed"), PRESEED);
        lxd.program("lxd", "init", "--preseed").reading(preseed).succeed();
        return lxd;
    }

    private Undocker program(String name, Object... arguments) {
        return Undocker.program(Requirements.tool(name), arguments)
                .with("LXD_DIR", directory.resolve("lxd").toString())
                .with("LXD_CONF", directory.resolve("client").toString());
    }

    /// The client of this daemon.
    Undocker lxc(Object... arguments) {
        return program("lxc", arguments);
    }

    /// The client as a shell command without its arguments.
    String command() {
        Undocker lxc = lxc();
        StringBuilder command = new StringBuilder("env");
        lxc.environment()
                .forEach((name, value) -> command.append(" '%s=%s'".formatted(name, value)));
        return command.append(" '%s'".formatted(lxc.command().getFirst())).toString();
    }

    /// The root file system of an instance.
    Path rootfs(String instance) {
        return directory.resolve("lxd/storage-pools/default/containers/" + instance + "/rootfs");
    }

    void delete(String instance) throws IOException, InterruptedException {
        lxc("delete", "--force", instance).succeed();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        daemon.getOutputStream().close();
        if (!daemon.waitFor(30, TimeUnit.SECONDS) || Files.exists(directory)) {
            throw new AssertionError("left behind: " + directory);
        }
    }
}
