package dev.undocker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.DockerRegistry;
import dev.undocker.testing.FileSet;
import dev.undocker.testing.HelloImage;
import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

/// Images come from a real registry as they come from an archive.
@Timeout(300)
class RegistryIT {
    @TempDir private Path directory;
    private Path image;

    @BeforeEach
    void writeTheImage() throws Exception {
        image = Files.write(directory.resolve("image.tar"), HelloImage.bytes());
    }

    private Undocker undocker(Object... arguments) {
        return Undocker.command(arguments).in(directory).with("HOME", directory.toString());
    }

    private byte[] rootfs(Object... imageAndOptions) throws Exception {
        Object[] arguments = new Object[imageAndOptions.length + 2];
        arguments[0] = "rootfs";
        System.arraycopy(imageAndOptions, 0, arguments, 1, imageAndOptions.length);
        arguments[arguments.length - 1] = "-";
        Undocker.Result result = undocker(arguments).run();
        assertThat(result.exitCode()).as(result.errors()).isZero();
        assertThat(result.errors()).isEmpty();
        return result.output();
    }

    @Test
    void theSameBytesAsFromAnArchive() throws Exception {
        byte[] expected = rootfs(image);
        try (DockerRegistry registry = DockerRegistry.open(directory)) {
            registry.put("docker-archive:" + image, "hello:1");
            registry.put("docker-archive:" + image, "a/b/c:2", "--dest-compress-format=zstd");
            registry.put("docker-archive:" + image, "oci:3", "--format=oci");
            String host = "docker://" + registry.host();
            assertThat(rootfs(host + "/hello:1")).isEqualTo(expected);
            assertThat(rootfs(host + "/a/b/c:2")).isEqualTo(expected);
            assertThat(rootfs(host + "/oci:3")).isEqualTo(expected);
        }
    }

    @Test
    void onePlatformOfSeveral() throws Exception {
        byte[] arm = new FileSet().file("arm", "x").tar();
        Path both =
                ImageBuilder.multiPlatform(
                                false,
                                ImageBuilder.image(new FileSet().file("amd", "x").tar())
                                        .platform("linux/amd64"),
                                ImageBuilder.image(arm).platform("linux/arm64"))
                        .directory(directory.resolve("both"));
        try (DockerRegistry registry = DockerRegistry.open(directory)) {
            registry.put("oci:" + both, "both:1", "--all");
            String name = "docker://%s/both:1".formatted(registry.host());
            assertThat(rootfs("--platform", "linux/arm64", name))
                    .isEqualTo(rootfs("--platform", "linux/arm64", "oci:" + both));
        }
    }

    @Test
    void behindTlsForWhoMayReadIt() throws Exception {
        byte[] expected = rootfs(image);
        try (DockerRegistry registry = DockerRegistry.secured(directory)) {
            registry.put("docker-archive:" + image, "hello:1");
            String name = "docker://%s/hello:1".formatted(registry.host());
            Undocker.Result stranger = undocker("rootfs", name, "out.tar").run();
            assertThat(stranger.exitCode()).isEqualTo(1);
            assertThat(stranger.errors())
                    .contains("no safe connection")
                    .contains("hint: ")
                    .contains("certs.d/" + registry.host());
            Path certs = directory.resolve(".config/containers/certs.d/" + registry.host());
            Files.createDirectories(certs);
            Files.copy(directory.resolve("ca.crt"), certs.resolve("ca.crt"));
            Undocker.Result denied = undocker("rootfs", name, "out.tar").run();
            assertThat(denied.exitCode()).isEqualTo(1);
            assertThat(denied.errors()).contains("access denied").contains("--creds");
            assertThat(Files.exists(directory.resolve("out.tar"))).isFalse();
            assertThat(rootfs("--creds", "me:secret", name)).isEqualTo(expected);
            assertThat(rootfs("--tls-verify", "false", "--creds", "me:secret", name))
                    .isEqualTo(expected);
            Undocker.Result typed =
                    undocker("rootfs", "--creds", "me", name, "typed.tar")
                            .reading(Files.writeString(directory.resolve("typed"), "secret\n"))
                            .run();
            assertThat(typed.exitCode()).as(typed.errors()).isZero();
            // as docker login and podman login leave it
            Path login = Files.createDirectories(directory.resolve(".docker"));
            Files.writeString(
                    login.resolve("config.json"),
                    "{\"auths\":{\"%s\":{\"auth\":\"bWU6c2VjcmV0\"}}}".formatted(registry.host()));
            assertThat(rootfs(name)).isEqualTo(expected);
            Undocker.Result verbose =
                    undocker("rootfs", "--verbose", "--creds", "me:wrong-one", name, "x.tar").run();
            assertThat(verbose.exitCode()).isEqualTo(1);
            assertThat(verbose.errors()).contains("access denied").doesNotContain("wrong-one");
        }
    }

    @Test
    void aHundredLayers() throws Exception {
        byte[][] layers = new byte[100][];
        for (int i = 0; i < layers.length; i++) {
            layers[i] =
                    new FileSet()
                            .file("same", "x".repeat(i))
                            .file("a/" + i, "content ".repeat(10_000) + i)
                            .tar();
        }
        Path layout =
                ImageBuilder.image(layers)
                        .packed(ImageBuilder.Packing.GZIP)
                        .oci()
                        .directory(directory.resolve("layout"));
        try (DockerRegistry registry = DockerRegistry.open(directory)) {
            registry.put("oci:" + layout, "many:1");
            assertThat(rootfs("docker://%s/many:1".formatted(registry.host())))
                    .isEqualTo(rootfs("oci:" + layout));
        }
    }
}
