package dev.undocker.cli;

import static dev.undocker.testing.ImageBuilder.image;
import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.image.Digest;
import dev.undocker.testing.FileSet;
import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.ImageBuilder.Dialect;
import dev.undocker.testing.ImageBuilder.Packing;
import dev.undocker.testing.LayerBuilder;
import dev.undocker.testing.Listing;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Images of the shapes that real builders give them, whose tar is byte for byte what it was in
/// every release: what hardens against hostile images must not touch these. A digest here changes
/// only when the output is meant to change, and then all users' outputs do.
class RealShapesTest {
    private record Shape(String name, FileSet files, String digest, List<String> lines) {
        @Override
        public String toString() {
            return name;
        }
    }

    @TempDir private Path directory;

    /// @param lines some of what the tar must hold, as [Listing] shows it
    private static Shape shape(String name, FileSet files, String digest, String... lines) {
        return new Shape(name, files, digest, List.of(lines));
    }

    static Stream<Shape> shapes() {
        return Stream.of(
                shape(
                        "distroless: members begin with ./, home of a user of its own, no shell",
                        distroless().packed(Packing.GZIP).oci(),
                        "982b1bab824a304ceaefc8b2616503affe05e27b7f01a6d0417bf4b716eaccd7",
                        "d home/nonroot 0700 65532:65532",
                        "l etc/localtime -> /usr/share/zoneinfo/UTC"),
                shape(
                        "kaniko: names without end, absolute link targets, whiteouts of its own",
                        kaniko().docker(Dialect.KANIKO),
                        "1811bca40685fa146a20ba9ee3f1b8bae1e1283c617b7676fc79065e9675c134",
                        "f usr/bin/perl5 \"perl\" 0755 @1600000000 = usr/bin/perl",
                        "d workspace"),
                shape(
                        "bazel: the archive's members begin with ./, all times are 0",
                        bazel().docker(Dialect.BAZEL),
                        "d72ec440ecd6f8ab55458836855af1251eb45bf15c26d52f4295b721c31a3850",
                        "f app/main.runfiles/data \"x\" 0555"),
                shape(
                        "jib: layers of one kind each, time of one second, absolute names",
                        jib().packed(Packing.GZIP).docker(Dialect.KANIKO),
                        "4cb266438e7940f566132bd865a2be0d6fc8491a733941ae85e6e7e53ffd1990",
                        "f app/classes/Main.class \"class\" @1"),
                shape(
                        "nix: a store that nobody may write, links into it, hard links across"
                                + " directories",
                        nix().docker(Dialect.SAVE),
                        "62b1050f3ce887828e5df8c8a5b2f62fc6babd8b6d68a30d8c16f3b258dc6056",
                        "l bin/sh -> /nix/store/1-bash/bin/bash @1",
                        "d nix/store/1-bash 0555 @1"),
                shape(
                        "buildpacks: times of 1980, a layer again, ids of a user",
                        buildpacks().packed(Packing.GZIP).oci(),
                        "5dc0932b74988554f1b2e261f0267684e51730e7f94a34f231d5ddb24d640e03",
                        "d workspace 1000:1000 @315532801"),
                shape(
                        "Debian with merged /usr: files through links to directories",
                        debian().docker(Dialect.SAVE_BLOBS),
                        "f470338a99594de7f82771ef7b483286499c546a3291b6cc3b467f331f66bbe3",
                        "l bin -> usr/bin",
                        "f usr/bin/dash \"dash\" 0755",
                        "f usr/bin/su \"su\" 4755",
                        "l var/run -> /run"),
                shape(
                        "absolute names",
                        image(named("/")).oci(),
                        "bb846a59e1943669b59d2bcb82b3a896193040cd5b8850a248ede3fccc0616b7",
                        "f usr/bin/tool \"x\" 0755 = usr/bin/link",
                        "f usr/bin/link \"x\" 0755 = usr/bin/link"),
                shape(
                        "names with ./",
                        image(named("./")).oci(),
                        "bb846a59e1943669b59d2bcb82b3a896193040cd5b8850a248ede3fccc0616b7"),
                shape(
                        "plain names",
                        image(named("")).oci(),
                        "bb846a59e1943669b59d2bcb82b3a896193040cd5b8850a248ede3fccc0616b7"));
    }

    private static ImageBuilder distroless() {
        LayerBuilder base =
                layer().dir("./")
                        .dir("./bin/")
                        .dir("./etc/")
                        .file("./etc/passwd", "root:x:0:0:root:/root:/sbin/nologin\n")
                        .symlink("./etc/localtime", "/usr/share/zoneinfo/UTC")
                        .dir("./home/")
                        .dir("./home/nonroot/")
                        .mode(0700)
                        .owner(65532, 65532)
                        .dir("./tmp/")
                        .mode(01777)
                        .dir("./var/")
                        .symlink("./var/run", "/run");
        LayerBuilder status = layer().file("./var/lib/dpkg/status.d/base", "Package: base-files\n");
        return image(base.toBytes(), status.toBytes())
                .config("User", "65532")
                .config("Entrypoint", List.of("/app"));
    }

    private static ImageBuilder kaniko() {
        LayerBuilder base =
                layer().dir("usr/")
                        .dir("usr/bin/")
                        .file("/usr/bin/perl", "perl")
                        .mode(0755)
                        .mtime(1_600_000_000)
                        .hardLink("/usr/bin/perl5", "/usr/bin/perl")
                        .mode(0755)
                        .file("etc/old", "x");
        LayerBuilder top =
                layer().dir("/")
                        .dir("/workspace")
                        .file("/workspace/app", "app")
                        .mtime(1_700_000_000, 123_456_789)
                        .whiteout("etc/old");
        return image(base.toBytes(), top.toBytes());
    }

    private static ImageBuilder bazel() {
        LayerBuilder app =
                layer().dir("./")
                        .dir("./app")
                        .file("./app/main", "main")
                        .mode(0555)
                        .symlink("./app/main.runfiles/main", "/app/main")
                        .file("./app/main.runfiles/data", "x")
                        .mode(0555);
        return image(app.toBytes()).tag("bazel/app:latest");
    }

    private static ImageBuilder jib() {
        LayerBuilder libraries =
                layer().dir("/app/")
                        .mtime(1)
                        .dir("/app/libs/")
                        .mtime(1)
                        .file("/app/libs/a.jar", "jar")
                        .mtime(1);
        LayerBuilder classes =
                layer().dir("/app/")
                        .mtime(1)
                        .dir("/app/classes/")
                        .mtime(1)
                        .file("/app/classes/Main.class", "class")
                        .mtime(1);
        return image(libraries.toBytes(), classes.toBytes())
                .config("Entrypoint", List.of("java", "-cp", "/app/classes:/app/libs/*", "Main"));
    }

    private static ImageBuilder nix() {
        LayerBuilder bash =
                layer().dir("./nix")
                        .dir("./nix/store")
                        .dir("./nix/store/1-bash")
                        .mode(0555)
                        .mtime(1)
                        .dir("./nix/store/1-bash/bin")
                        .mode(0555)
                        .mtime(1)
                        .file("./nix/store/1-bash/bin/bash", "bash")
                        .mode(0555)
                        .mtime(1)
                        .symlink("./nix/store/1-bash/bin/sh", "bash");
        LayerBuilder copy =
                layer().dir("./nix/store/2-copy")
                        .mode(0555)
                        .mtime(1)
                        .hardLink("./nix/store/2-copy/bash", "./nix/store/1-bash/bin/bash");
        LayerBuilder links =
                layer().dir("./bin").symlink("./bin/sh", "/nix/store/1-bash/bin/bash").mtime(1);
        return image(bash.toBytes(), copy.toBytes(), links.toBytes())
                .config("Env", List.of("PATH=/bin"));
    }

    private static ImageBuilder buildpacks() {
        long time = 315_532_801;
        LayerBuilder run = layer().dir("/usr").mtime(time).file("/usr/lib", "lib").mtime(time);
        LayerBuilder launcher =
                layer().dir("/cnb")
                        .mtime(time)
                        .dir("/cnb/lifecycle")
                        .mtime(time)
                        .file("/cnb/lifecycle/launcher", "launcher")
                        .mode(0755)
                        .mtime(time);
        LayerBuilder workspace =
                layer().dir("/workspace")
                        .owner(1000, 1000)
                        .mtime(time)
                        .file("/workspace/app", "app")
                        .owner(1000, 1000)
                        .mtime(time);
        return image(run.toBytes(), launcher.toBytes(), workspace.toBytes(), launcher.toBytes())
                .config("Labels", Map.of("io.buildpacks.stack.id", "x"))
                .config("User", "1000:1000");
    }

    private static ImageBuilder debian() {
        LayerBuilder base =
                layer().symlink("bin", "usr/bin")
                        .symlink("lib", "usr/lib")
                        .symlink("lib64", "usr/lib64")
                        .symlink("sbin", "usr/sbin")
                        .dir("run/")
                        .dir("tmp/")
                        .mode(01777)
                        .dir("usr/")
                        .dir("usr/bin/")
                        .file("usr/bin/su", "su")
                        .mode(04755)
                        .dir("usr/lib/")
                        .file("usr/lib/libc.so.6", "libc")
                        .dir("usr/lib64/")
                        .symlink("usr/lib64/ld-linux-x86-64.so.2", "../lib/ld.so")
                        .dir("usr/sbin/")
                        .dir("var/")
                        .symlink("var/run", "/run")
                        .file("var/lib/dpkg/lock", "")
                        .mode(0640)
                        // through the links of the same layer
                        .file("bin/dash", "dash")
                        .mode(0755)
                        .symlink("bin/sh", "dash")
                        .file("var/run/utmp", "")
                        .owner(0, 43)
                        .mode(0664);
        LayerBuilder top =
                layer().dir("usr/")
                        .dir("usr/lib/")
                        .whiteout("usr/lib/libc.so.6")
                        .file("usr/lib/libc.so.6.1", "new libc")
                        .symlink("usr/lib/ld.so", "libc.so.6.1");
        return image(base.toBytes(), top.toBytes());
    }

    private static byte[] named(String prefix) {
        return layer().dir(prefix + "usr/")
                .dir(prefix + "usr/bin/")
                .file(prefix + "usr/bin/tool", "x")
                .mode(0755)
                .hardLink(prefix + "usr/bin/link", prefix + "usr/bin/tool")
                .symlink(prefix + "usr/bin/other", "tool")
                .whiteout(prefix + "usr/none")
                .toBytes();
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void isTheSameTarAsEver(Shape shape) throws IOException {
        Path out = directory.resolve("out.tar");
        Undocker.Result result =
                CommandLineRun.of("rootfs", shape.files.tar(directory.resolve("image.tar")), out);
        assertThat(result.exitCode()).as(result.errors()).isZero();
        assertThat(result.errors()).isEmpty();
        byte[] tar = Files.readAllBytes(out);
        assertThat(Listing.ofTar(tar).toString().lines()).containsAll(shape.lines);
        assertThat(Digest.sha256(tar).hex()).isEqualTo(shape.digest);
    }
}
