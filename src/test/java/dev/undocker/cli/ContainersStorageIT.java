package dev.undocker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.stream.Collectors.joining;

import dev.undocker.testing.HelloImage;
import dev.undocker.testing.Readme;
import dev.undocker.testing.Recipe;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Images come from a real storage, through each of the three who read it, as they come from an
/// archive.
@Timeout(300)
class ContainersStorageIT {
    private static final String NAME = "example.org/hello:1";

    @TempDir private Path directory;
    private Path image;
    private String store;
    private Object[] podman;

    @BeforeEach
    void fillTheStorage() throws Exception {
        Requirements.root();
        image = Files.write(directory.resolve("image.tar"), HelloImage.bytes());
        Path root = directory.resolve("root");
        Path run = directory.resolve("run");
        store = "[vfs@%s+%s]".formatted(root, run);
        podman = new Object[] {"--root=" + root, "--runroot=" + run, "--storage-driver=vfs"};
        podman("load", "--quiet", "--input=" + image).succeed();
    }

    private Undocker podman(Object... words) {
        Object[] arguments = new Object[podman.length + words.length];
        System.arraycopy(podman, 0, arguments, 0, podman.length);
        System.arraycopy(words, 0, arguments, podman.length, words.length);
        return Undocker.program(Requirements.tool("podman"), arguments);
    }

    private static byte[] output(Undocker undocker) throws Exception {
        Undocker.Result result = undocker.run();
        assertThat(result.exitCode()).as(result.errors()).isZero();
        assertThat(result.errors()).isEmpty();
        return result.output();
    }

    @Test
    void throughPodman() throws Exception {
        Requirements.tool("podman");
        byte[] expected = output(Undocker.command("rootfs", image, "-"));
        assertThat(output(rootfs(store + NAME))).isEqualTo(expected);
        String id = podman("images", "--quiet", "--no-trunc").succeed().text().strip();
        assertThat(output(rootfs(store + id))).isEqualTo(expected);
        Undocker.Result missing = rootfs(store + "hello:2").run();
        assertThat(missing.exitCode()).isEqualTo(1);
        assertThat(missing.output()).isEmpty();
        assertThat(missing.errors()).contains("podman: docker.io/library/hello:2: image not known");
    }

    private static Undocker rootfs(String name) {
        return Undocker.command("rootfs", "containers-storage:" + name, "-");
    }

    @Test
    void throughSkopeo() throws Exception {
        Path bin = Files.createDirectory(directory.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("skopeo"), Requirements.tool("skopeo"));
        for (String tool : new String[] {"dirname", "readlink", "uname", "sed", "cat", "ls"}) {
            Files.createSymbolicLink(bin.resolve(tool), Requirements.tool(tool));
        }
        byte[] expected = output(Undocker.command("rootfs", image, "-"));
        assertThat(output(rootfs(store + NAME).with("PATH", bin.toString()))).isEqualTo(expected);
        Undocker.Result missing = rootfs(store + "x:2").with("PATH", bin.toString()).run();
        assertThat(missing.exitCode()).isEqualTo(1);
        assertThat(missing.errors()).contains("skopeo: ").contains("does not resolve to an image");
    }

    private Process service(Path socket) throws Exception {
        Process service =
                podman("system", "service", "--time=0", "unix://" + socket).in(directory).start();
        for (int i = 0; i < 600 && !Files.exists(socket); i++) {
            Thread.sleep(50);
        }
        return service;
    }

    @Test
    void recipeOfReadmeRuns() throws Exception {
        Path socket = directory.resolve("podman.sock");
        Process service = service(socket);
        try {
            Recipe recipe = Recipe.in(Files.createDirectory(directory.resolve("recipe")));
            String options = Stream.of(podman).map(String::valueOf).collect(joining(" "));
            recipe.program(
                    "podman",
                    "exec '%s' %s \"$@\"".formatted(Requirements.tool("podman"), options));
            recipe.program(
                    "undocker",
                    "CONTAINER_HOST='unix://%s' exec '%s' \"$@\""
                            .formatted(socket, Undocker.launcher()));
            Path place = recipe.directory();
            Files.writeString(place.resolve("Dockerfile"), "FROM scratch\nCOPY words /\n");
            Files.writeString(place.resolve("words"), "of the web");
            assertThat(
                            recipe.run(
                                            Readme.commands("containers-storage")
                                                    + "tar -xOf web.tar words")
                                    .text())
                    .endsWith("of the web");
        } finally {
            service.destroy();
            service.waitFor(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void throughTheService() throws Exception {
        Path socket = directory.resolve("podman.sock");
        Process service = service(socket);
        try {
            byte[] expected = output(Undocker.command("rootfs", image, "-"));
            assertThat(output(rootfs(NAME).with("CONTAINER_HOST", "unix://" + socket)))
                    .isEqualTo(expected);
            assertThat(
                            output(
                                    Undocker.command("rootfs", "docker-daemon:" + NAME, "-")
                                            .with("DOCKER_HOST", "unix://" + socket)))
                    .isEqualTo(expected);
            Undocker.Result missing =
                    rootfs("x:2").with("CONTAINER_HOST", "unix://" + socket).run();
            assertThat(missing.exitCode()).isEqualTo(1);
            assertThat(missing.errors())
                    .contains("no such image (failed to find image docker.io/library/x:2");
        } finally {
            service.destroy();
            service.waitFor(10, TimeUnit.SECONDS);
        }
    }
}
