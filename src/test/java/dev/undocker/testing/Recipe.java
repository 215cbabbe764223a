package dev.undocker.testing;

import static dev.undocker.testing.LayerBuilder.layer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// A directory to run README's commands in. `undocker` is the built program, and Docker Hub is a
/// registry on this machine that has the image of `image.tar` as `nginx`: unless a test puts
/// another one there, one whose process prints its words.
public record Recipe(Path directory) {
    public static Recipe in(Path directory) throws IOException {
        Recipe recipe = new Recipe(directory);
        byte[] program =
                layer().file("bin/nginx", "#!/bin/sh\necho nginx \"$@\"\n").mode(0755).toBytes();
        ImageBuilder.image(Report.busyboxImage().layers().getFirst(), program)
                .tag("nginx")
                .config("Cmd", List.of("nginx", "-g", "daemon off;"))
                .docker(ImageBuilder.Dialect.SKOPEO)
                .tar(directory.resolve("image.tar"));
        recipe.program("undocker", "exec '%s' \"$@\"".formatted(Undocker.launcher()));
        return recipe;
    }

    /// Puts a shell script in place of a program.
    public void program(String name, String script) throws IOException {
        Path bin = Files.createDirectories(directory.resolve("bin"));
        Path file = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /// Runs commands, all of which have to succeed.
    public Undocker.Result run(String commands) throws IOException, InterruptedException {
        Path script = Files.writeString(directory.resolve("recipe"), commands);
        Path hub = Files.createDirectories(directory.resolve("hub"));
        try (DockerRegistry registry = DockerRegistry.open(hub)) {
            registry.put("docker-archive:" + directory.resolve("image.tar"), "library/nginx");
            return Undocker.program(Path.of("/bin/sh"), "-e", script)
                    .in(directory)
                    .with("PATH", directory.resolve("bin") + ":" + System.getenv("PATH"))
                    .with("CONTAINERS_REGISTRIES_CONF", registry.standInForHub(hub).toString())
                    .with("XDG_CACHE_HOME", hub.resolve("cache").toString())
                    .succeed();
        }
    }
}
