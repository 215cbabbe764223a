package dev.undocker.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

/// A copy of this machine, booted by systemd-nspawn for one script: see `machine.sh`. `undocker` is
/// the built program there, and Docker Hub a registry of its own.
public final class Machine {
    /// Where the program is in the copy: a unit may have a `/tmp` of its own, in which a checkout
    /// below `/tmp` is not.
    private static final String HOME = "/opt/undocker";

    private final Path directory;
    private final Path files;
    private final Path hub;

    private Machine(Path directory) throws IOException {
        this.directory = directory;
        this.files = Files.createDirectories(directory.resolve("files"));
        this.hub = Files.createDirectories(directory.resolve("hub"));
    }

    /// @param directory empty; what is in it is there in the copy too, under the same name
    public static Machine in(Path directory) throws IOException {
        Requirements.root();
        Requirements.tools("systemd-nspawn", "unshare", "mount", "ip", "docker-registry", "skopeo");
        Requirements.require(
                Files.readString(Path.of("/proc/filesystems")).contains("\toverlay\n"),
                "needs a kernel with overlayfs");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Machine machine = new Machine(directory);
        machine.program("usr/local/bin/undocker", "exec %s/bin/undocker \"$@\"".formatted(HOME));
        return machine;
    }

    /// Lays a file over the copy's own, from its root on.
    public Path file(String path, String content) throws IOException {
        Path file = files.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    /// Copies a folder of the project into the directory where the commands run.
    public void project(String folder) throws IOException {
        try (Stream<Path> paths = Files.walk(Path.of(folder))) {
            for (Path path : paths.toList()) {
                Path copy = directory.resolve(path.toString());
                Files.copy(path, copy, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    /// Puts a shell script in place of a program.
    public void program(String path, String script) throws IOException {
        Files.setPosixFilePermissions(
                file(path, "#!/bin/sh\n" + script + "\n"),
                PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /// Runs commands of a shell that ends with the first that fails.
    ///
    /// @param images files with images in them; each is in the registry, named as its file is
    ///   without the suffix
    public Undocker.Result run(String commands, Path... images)
            throws IOException, InterruptedException {
        String host;
        try (DockerRegistry registry = DockerRegistry.open(hub)) {
            host = registry.host();
            for (Path image : images) {
                String name = image.getFileName().toString().replaceFirst("\\.tar$", "");
                registry.put("docker-archive:" + image, "library/" + name);
            }
            file(
                    "etc/containers/registries.conf.d/hub.conf",
                    Files.readString(registry.standInForHub(hub)));
        }
        Path script = directory.resolve("machine.sh");
        try (InputStream in = Machine.class.getResourceAsStream("/dev/undocker/machine.sh")) {
            Files.copy(in, script);
        }
        String start =
                """
                export UNDOCKER_JAVA_HOME='%s' HUB='%s'
                docker-registry serve '%s/registry.yml' > hub.log 2>&1 &
                while ! (exec 3<> /dev/tcp/$(echo $HUB | tr : /)) 2> /dev/null; do sleep 0.1; done
                """
                        .formatted(System.getProperty("java.home"), host, hub);
        Files.writeString(directory.resolve("script"), start + commands);
        Undocker.Result boot =
                Undocker.program(
                                Path.of("/bin/sh"),
                                script,
                                directory,
                                "--bind-ro=%s:%s".formatted(Undocker.home(), HOME),
                                "--bind-ro=" + System.getProperty("java.home"))
                        .run();
        Path status = directory.resolve("status");
        if (!Files.exists(status)) {
            throw new AssertionError(boot.text() + boot.errors());
        }
        return new Undocker.Result(
                Integer.parseInt(Files.readString(status).strip()),
                Files.readAllBytes(directory.resolve("output")),
                Files.readString(directory.resolve("errors")));
    }
}
