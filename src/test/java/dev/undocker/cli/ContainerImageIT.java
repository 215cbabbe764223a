package dev.undocker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.DockerRegistry;
import dev.undocker.testing.Emulation;
import dev.undocker.testing.HelloImage;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// `Dockerfile.jvm` makes an image that works on a mounted folder, as nobody in particular, under
/// an engine and as what undocker makes of the image itself. Its base is made here: busybox, the C
/// library and the JDK of this test, so that nothing is downloaded.
class ContainerImageIT {
    private static final Path JDK = Path.of(System.getProperty("java.home"));
    private static final Set<String> NOT_FOR_RUNNING =
            Set.of("src.zip", "ct.sym", "jmods", "demo", "include", "legal", "man");

    @TempDir private Path directory;

    @Test
    void convertsInMountedFolderWhateverRunsIt() throws Exception {
        Assumptions.assumeTrue(!Undocker.isNative(), "the distribution holds a native executable");
        Requirements.root();
        Requirements.tools("buildah", "busybox", "ldd", "systemd-nspawn", "lxc-start");
        Path base = Files.createDirectory(directory.resolve("base"));
        fillBase(base);
        Files.writeString(base.resolve("Dockerfile"), "FROM scratch\nCOPY tree /\n");
        buildah("build", "--isolation=chroot", "-t", "base", base.toString());
        buildah(
                "build",
                "--isolation=chroot",
                "--build-arg=BASE_IMAGE=localhost/base",
                "--file=src/main/docker/Dockerfile.jvm",
                "-t",
                "undocker",
                ".");
        String container = buildah("from", "localhost/undocker").strip();
        assertThat(buildah("inspect", "--format={{.OCIv1.Config.User}}", container))
                .startsWith("65532:65532");
        Path work = Files.createDirectory(directory.resolve("work"));
        // for the image's user
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.write(work.resolve("image.tar"), HelloImage.bytes());

        String entryPoint =
                buildah("inspect", "--format={{index .OCIv1.Config.Entrypoint 0}}", container)
                        .strip();
        buildah(
                "run",
                "--isolation=chroot",
                "--volume=" + work + ":/work",
                // no start without the cache that was made for this Java
                "--env=JAVA_TOOL_OPTIONS=-XX:AOTMode=on",
                container,
                "--",
                entryPoint,
                "rootfs",
                "image.tar",
                "buildah.tar");

        Path own = directory.resolve("undocker.tar");
        buildah("push", "localhost/undocker", "docker-archive:" + own + ":undocker");
        Undocker.command(
                        "nspawn",
                        "--no-sync",
                        "--name=undocker",
                        "--cmd",
                        words("nspawn.tar"),
                        own,
                        directory.resolve("machines"))
                .succeed();
        Undocker.program(
                        Requirements.tool("systemd-nspawn"),
                        "--quiet",
                        "--register=no",
                        "--keep-unit",
                        "--pipe",
                        "--bind=" + work + ":/work",
                        "--directory=" + directory.resolve("machines/undocker"))
                .succeed();
        Path containers = Files.createDirectory(directory.resolve("containers"));
        Undocker.command(
                        "lxc",
                        "--no-sync",
                        "--format=dir",
                        "--name=undocker",
                        "--cmd",
                        words("lxc.tar"),
                        own,
                        containers)
                .succeed();
        Undocker.Result said =
                Undocker.program(
                                Requirements.tool("script"),
                                "-qec",
                                "lxc-start -P %s -n undocker -F -s lxc.net.0.type=none -s '%s'"
                                        .formatted(
                                                containers,
                                                "lxc.mount.entry=%s work none bind 0 0"
                                                        .formatted(work)),
                                "/dev/null")
                        .run();

        byte[] outside =
                Undocker.command("rootfs", work.resolve("image.tar"), "-").succeed().output();
        for (String name : List.of("buildah.tar", "nspawn.tar", "lxc.tar")) {
            assertThat(work.resolve(name)).as(said.text()).hasBinaryContent(outside);
            assertThat(Files.getAttribute(work.resolve(name), "unix:uid")).isEqualTo(65532);
        }
    }

    /// One list of images for two architectures, which each have the same program. Their bases have
    /// no Java: neither the start-up cache nor what apt-get brings is there, and the build goes on.
    @Test
    void isBuiltForOtherArchitecturesToo() throws Exception {
        Assumptions.assumeTrue(!Undocker.isNative(), "the distribution holds a native executable");
        Requirements.root();
        Requirements.tools("buildah", "busybox", "mmdebstrap");
        Path base = Files.createDirectory(directory.resolve("base"));
        Files.writeString(
                base.resolve("Dockerfile"), "FROM scratch\nARG TARGETARCH\nCOPY $TARGETARCH /\n");
        Path foreign = directory.resolve("foreign");
        Undocker.Result fetched =
                Undocker.program(
                                Path.of("/bin/sh"),
                                "-c",
                                ". /etc/os-release; exec \"$@\" \"$VERSION_CODENAME\" \"$0\"",
                                foreign,
                                Requirements.tool("mmdebstrap"),
                                "--quiet",
                                "--variant=extract",
                                "--architectures=arm64",
                                "--include=busybox-static")
                        .run();
        Requirements.require(
                fetched.exitCode() == 0, "needs Debian's archive: " + fetched.errors());
        shell(base.resolve("amd64"), Requirements.tool("busybox"));
        shell(base.resolve("arm64"), busybox(foreign));
        Path hub = Files.createDirectory(directory.resolve("hub"));
        try (Emulation arm64 = Emulation.ofArm64(Files.createDirectory(hub.resolve("binfmt")));
                DockerRegistry registry = DockerRegistry.open(hub)) {
            buildEach("base", base.toString());
            buildEach(
                    "undocker",
                    "--build-arg=BASE_IMAGE=localhost/base",
                    "--file=src/main/docker/Dockerfile.jvm",
                    ".");
            String name = "docker://" + registry.host() + "/undocker:latest";
            buildah("manifest", "push", "--all", "--tls-verify=false", "undocker", name);
            Path amd64 = converted(name, "linux/amd64");
            assertSameFiles(amd64.resolve("opt/undocker"), Undocker.home());
            Path other = converted(name, "linux/arm64");
            assertSameFiles(other.resolve("opt/undocker"), Undocker.home());
            assertThat(amd64.resolve("bin/sh"))
                    .hasSameBinaryContentAs(base.resolve("amd64/bin/sh"));
            assertThat(other.resolve("bin/sh"))
                    .hasSameBinaryContentAs(base.resolve("arm64/bin/sh"));
        }
    }

    private static Path busybox(Path tree) {
        return Stream.of("bin/busybox", "usr/bin/busybox")
                .map(tree::resolve)
                .filter(Files::exists)
                .findFirst()
                .orElseThrow();
    }

    private static void shell(Path tree, Path busybox) throws IOException {
        Files.createDirectories(tree.resolve("bin"));
        Files.createDirectories(tree.resolve("tmp"));
        Files.copy(busybox, tree.resolve("bin/sh"));
    }

    private void buildEach(String name, String... rest) throws Exception {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                "build",
                                "--isolation=chroot",
                                "--platform=linux/amd64,linux/arm64",
                                "--manifest=" + name));
        words.addAll(List.of(rest));
        buildah(words.toArray(String[]::new));
    }

    private Path converted(String name, String platform) throws Exception {
        Path tree = directory.resolve(platform.replace('/', '-'));
        Undocker.command(
                        "dir",
                        "--no-cache",
                        "--tls-verify=false",
                        "--platform",
                        platform,
                        name,
                        tree)
                .succeed();
        return tree;
    }

    /// All but the start-up cache.
    private static void assertSameFiles(Path actual, Path expected) throws Exception {
        Undocker.program(Requirements.tool("diff"), "-r", "--exclude=cache", actual, expected)
                .succeed();
    }

    private static String words(String output) {
        return "[\"rootfs\", \"image.tar\", \"%s\"]".formatted(output);
    }

    private static void fillBase(Path base) throws IOException, InterruptedException {
        Path tree = base.resolve("tree");
        Path bin = Files.createDirectories(tree.resolve("bin"));
        Path tmp = Files.createDirectories(tree.resolve("tmp"));
        Files.setPosixFilePermissions(tmp, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.copy(Requirements.tool("busybox"), bin.resolve("sh"));
        copyJdk(tree.resolve("usr/lib/jvm/jdk"));
        for (String library : libraries()) {
            Path copy = tree.resolve(library.substring(1));
            Files.createDirectories(copy.getParent());
            Files.copy(Path.of(library), copy);
        }
    }

    private static void copyJdk(Path to) throws IOException {
        Files.createDirectories(to.getParent());
        try (Stream<Path> paths = Files.walk(JDK)) {
            for (Path path : paths.toList()) {
                Path relative = JDK.relativize(path);
                if (Stream.of(relative.toString().split("/"))
                        .noneMatch(NOT_FOR_RUNNING::contains)) {
                    Files.copy(path, to.resolve(relative.toString()));
                }
            }
        }
    }

    /// The shared libraries that the JDK takes from the system.
    private static Set<String> libraries() throws IOException, InterruptedException {
        Undocker.Result list =
                Undocker.program(
                                Requirements.tool("ldd"),
                                JDK.resolve("bin/java"),
                                JDK.resolve("lib/server/libjvm.so"))
                        .run();
        Set<String> libraries = new TreeSet<>();
        for (String word : list.text().split("\\s+")) {
            if (word.matches("/lib.*\\.so.*") && !word.startsWith(JDK.toString())) {
                libraries.add(word);
            }
        }
        return libraries;
    }

    private String buildah(String... arguments) throws IOException, InterruptedException {
        List<Object> all = new ArrayList<>();
        all.add("--storage-driver=vfs");
        all.add("--root=" + directory.resolve("storage"));
        all.add("--runroot=" + directory.resolve("run"));
        all.addAll(List.of(arguments));
        Undocker.Result result =
                Undocker.program(Requirements.tool("buildah"), all.toArray()).run();
        assertThat(result.exitCode()).as(result.errors() + result.text()).isZero();
        return result.text();
    }
}
