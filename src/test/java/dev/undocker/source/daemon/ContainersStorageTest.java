package dev.undocker.source.daemon;

import static dev.undocker.testing.ImageBuilder.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.undocker.UndockerException;
import dev.undocker.content.TemporaryFiles;
import dev.undocker.image.Image;
import dev.undocker.image.OpenRequest;
import dev.undocker.image.RegistryAccess;
import dev.undocker.source.ImageForms;
import dev.undocker.source.Opener;
import dev.undocker.source.daemon.FakeDaemon.Reply;
import dev.undocker.source.dockerarchive.DockerArchive;
import dev.undocker.source.ocilayout.OciLayout;
import dev.undocker.testing.FileSet;
import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.ImageBuilder.Dialect;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

@Timeout(60)
class ContainersStorageTest {
    private static final byte[] BASE = new FileSet().file("a", "base").tar();
    private static final ImageBuilder ONE = image(BASE).tag("docker.io/library/busybox:1");
    private static final String NAME = "docker.io/library/busybox:1";
    private static final String ID =
            "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    @TempDir private Path directory;
    private final Map<String, String> environment = new HashMap<>();
    private Path archive;

    @BeforeEach
    void saveTheImage() throws IOException {
        Files.createDirectory(directory.resolve("bin"));
        environment.put("PATH", directory.resolve("bin").toString());
        archive = ONE.docker(Dialect.SKOPEO).tar(directory.resolve("image.tar"));
    }

    private Image open(String rest, String userId) {
        ImageForms forms = new ImageForms(List.of(new DockerArchive(), new OciLayout()));
        return new ContainersStorage(forms, environment::get, directory.resolve("run"), userId)
                .locate("containers-storage", rest)
                .open(
                        new OpenRequest(
                                null,
                                new TemporaryFiles(directory),
                                true,
                                RegistryAccess.STANDARD,
                                sentence -> {
                                    throw new AssertionError(sentence);
                                }));
    }

    private Opener.Failure failure(String rest) {
        UndockerException e =
                catchThrowableOfType(UndockerException.class, () -> open(rest, "0").close());
        assertThat(e).isNotNull();
        String hint = e.hint();
        return new Opener.Failure(
                e.sentence().replace(directory.toString(), ""),
                hint == null ? "" : hint.replace(directory.toString(), ""));
    }

    /// Puts a program there that notes its arguments first.
    private void program(String name, String script) throws IOException {
        Path file =
                Files.writeString(
                        directory.resolve("bin").resolve(name),
                        "#!/bin/sh\necho %s \"$@\" > %s/arguments\n%s\n"
                                .formatted(name, directory, script));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String arguments() throws IOException {
        return Files.readString(directory.resolve("arguments")).strip();
    }

    private FakeDaemon service(String socket) throws IOException {
        Path path = directory.resolve(socket);
        Files.createDirectories(path.getParent());
        return new FakeDaemon(path)
                .on("/images/" + NAME + "/get", Reply.chunked(Files.readAllBytes(archive), true));
    }

    @Test
    void theServiceFirst() throws IOException {
        program("podman", "exit 1");
        try (FakeDaemon service = service("run/podman/podman.sock");
                Image image = open("busybox:1", "0")) {
            Opener.assertLayers(image, BASE);
            assertThat(image.name()).isEqualTo("busybox:1");
            assertThat(service.asked()).hasSize(2);
        }
        // the socket is still there, and nobody listens
        program("podman", "exec /bin/cat " + archive);
        open("busybox:1", "0").close();
    }

    /// Root's storage is not the user's.
    @Test
    void eachUsersOwnService() throws IOException {
        try (FakeDaemon root = service("run/podman/podman.sock");
                FakeDaemon user = service("run/user/7/podman/podman.sock");
                FakeDaemon named = service("xdg/podman/podman.sock")) {
            open("busybox:1", "7").close();
            assertThat(user.asked()).hasSize(2);
            environment.put("XDG_RUNTIME_DIR", directory.resolve("xdg").toString());
            open("busybox:1", "7").close();
            assertThat(named.asked()).hasSize(2);
            assertThat(root.asked()).isEmpty();
            open("busybox:1", "0").close();
            assertThat(root.asked()).hasSize(2);
            environment.put("CONTAINER_HOST", "unix://" + user.socket());
            open("busybox:1", "0").close();
            assertThat(user.asked()).hasSize(4);
        }
        assertThat(failure("busybox:1").sentence())
                .startsWith(
                        "containers-storage:busybox:1: unix:///run/user/7/podman/podman.sock: ");
    }

    @ParameterizedTest
    @CsvSource({
        "busybox:1, save --quiet --format=docker-archive " + NAME,
        "localhost/a, save --quiet --format=docker-archive localhost/a:latest",
        "'[::1]:5000/a:2', 'save --quiet --format=docker-archive [::1]:5000/a:2'",
        "sha256:" + ID + ", save --quiet --format=docker-archive " + ID,
        "@" + ID + ", save --quiet --format=docker-archive " + ID,
        "a:1@" + ID + ", save --quiet --format=docker-archive " + ID,
        "a@sha256:"
                + ID
                + ", save --quiet --format=docker-archive docker.io/library/a@sha256:"
                + ID,
        "[vfs@/g+/r]busybox:1, --root=/g --runroot=/r --storage-driver=vfs save --quiet"
                + " --format=docker-archive "
                + NAME,
        "'[overlay@/g:a=b,c=d]busybox:1', --root=/g --storage-driver=overlay --storage-opt=a=b"
                + " --storage-opt=c=d save --quiet --format=docker-archive "
                + NAME,
        "[/g]busybox:1, --root=/g save --quiet --format=docker-archive " + NAME,
    })
    void podman(String rest, String arguments) throws IOException {
        program("podman", "exec /bin/cat " + archive);
        program("skopeo", "exit 1");
        try (Image image = open(rest, "0")) {
            Opener.assertLayers(image, BASE);
        }
        assertThat(arguments()).isEqualTo("podman " + arguments);
    }

    @ParameterizedTest
    @CsvSource({
        "busybox:1, " + NAME,
        "[vfs@/g+/r]busybox:1, [vfs@/g+/r]" + NAME,
        "sha256:" + ID + ", @" + ID,
    })
    void skopeo(String rest, String name) throws IOException {
        program("skopeo", "exec /bin/cat " + archive);
        open(rest, "0").close();
        assertThat(arguments())
                .isEqualTo(
                        "skopeo copy --quiet containers-storage:%s docker-archive:/dev/stdout"
                                .formatted(name));
    }

    @Test
    void neither() {
        assertThat(failure("busybox:1"))
                .isEqualTo(
                        new Opener.Failure(
                                "containers-storage:busybox:1: only podman or skopeo can read it,"
                                        + " and neither is installed",
                                "where one of them is: podman save --format docker-archive IMAGE >"
                                        + " FILE"));
        assertThat(failure("").sentence()).isEqualTo("containers-storage:: no image");
        assertThat(failure("[/g]").sentence()).isEqualTo("containers-storage:[/g]: no image");
        assertThat(failure("--help").sentence())
                .isEqualTo("containers-storage:--help: --help: not the name of a repository");
    }

    @Test
    void whatTheProgramSays() throws IOException {
        program("podman", "echo a warning >&2; echo 'Error: x: image not known' >&2; exit 125");
        Opener.Failure failure = failure("busybox:1");
        assertThat(failure.sentence())
                .isEqualTo("containers-storage:busybox:1: /bin/podman: x: image not known");
        assertThat(failure.hint()).contains("localhost/");
        program("podman", "exit 3");
        assertThat(failure("busybox:1").sentence()).endsWith("failed with exit status 3");
        Files.delete(directory.resolve("bin/podman"));
        program("skopeo", "echo 'time=\"x\" level=fatal msg=\"no \\\"image\\\"\"' >&2; exit 1");
        assertThat(failure("busybox:1").sentence()).endsWith("/bin/skopeo: no \"image\"");
    }

    /// All of an image may have come when the program finds out that something is wrong.
    @Test
    void aWholeArchiveAndAFailure() throws IOException {
        program("podman", "/bin/cat %s; echo bad layer >&2; exit 1".formatted(archive));
        assertThat(failure("busybox:1").sentence()).endsWith("/bin/podman: bad layer");
        program("podman", "head -c 3000 " + archive);
        assertThat(failure("busybox:1").sentence()).startsWith("containers-storage:busybox:1: ");
        program("podman", "yes | head -c 10000000 >&2; exec /bin/cat " + archive);
        open("busybox:1", "0").close();
    }

    @Test
    void aServiceWithoutTheImage() throws IOException {
        try (FakeDaemon service = service("run/podman/podman.sock")) {
            assertThat(service.asked()).isEmpty();
            Opener.Failure failure = failure("busybox:2");
            assertThat(failure.sentence())
                    .isEqualTo(
                            "containers-storage:busybox:2: unix:///run/podman/podman.sock: no such"
                                    + " image (page not found)");
            assertThat(failure.hint()).contains("localhost/");
        }
    }
}
