package dev.undocker.output.bundle;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.ImageBuilder.Dialect;
import dev.undocker.testing.Readme;
import dev.undocker.testing.Recipe;
import dev.undocker.testing.Report;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Bundles that undocker makes, started by OCI runtimes.
class BundleIT {
    private static final List<String> TMPFS = List.of("--volumes", "tmpfs");

    private Path directory;

    @BeforeEach
    void needsBusybox() throws IOException {
        Requirements.root();
        Requirements.tool("busybox");
        directory = Files.createTempDirectory("undocker-bundle");
    }

    @AfterEach
    void remove() throws Exception {
        if (directory != null) {
            // not a @TempDir, which warns of each symbolic link in the trees
            Undocker.program(Path.of("/bin/rm"), "-rf", directory).succeed();
        }
    }

    private void bundle(ImageBuilder image, Object... options) throws Exception {
        image.docker(Dialect.SKOPEO).tar(directory.resolve("image.tar"));
        Object[] words = new Object[options.length + 4];
        words[0] = "bundle";
        words[1] = "--force";
        System.arraycopy(options, 0, words, 2, options.length);
        words[words.length - 2] = "image.tar";
        words[words.length - 1] = "b";
        Undocker.command(words).in(directory).succeed();
    }

    private Undocker runc() {
        Path state = directory.resolve("state");
        String name = directory.getFileName().toString();
        return Undocker.program(
                Requirements.tool("runc"),
                "--root",
                state,
                "run",
                "--bundle",
                directory.resolve("b"),
                name);
    }

    /// crun refuses control groups of both versions side by side; it gets a view without.
    private Undocker crun() {
        String script =
                "umount -R /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup; exec \"$0\" --root"
                        + " \"$1\" --cgroup-manager=disabled run --bundle \"$2\" \"$3\"";
        return Undocker.program(
                Requirements.tool("unshare"),
                "-m",
                "sh",
                "-c",
                script,
                Requirements.tool("crun"),
                directory.resolve("state"),
                directory.resolve("b"),
                directory.getFileName());
    }

    private Undocker nspawn() {
        return Undocker.program(
                Requirements.tool("systemd-nspawn"),
                "-q",
                "--register=no",
                "--keep-unit",
                "--pipe",
                "--oci-bundle=" + directory.resolve("b"));
    }

    private static void assertArrived(Report.Example example, Undocker runtime) throws Exception {
        Report report = Report.parse(runtime.succeed().text());
        assertThat(report.argv()).isEqualTo(example.argv());
        assertThat(report.environment()).containsAll(example.assignments());
        assertThat(report.directory()).isEqualTo(example.directory());
        assertThat(report.ids()).isEqualTo(example.ids());
    }

    @Test
    void everythingArrivesUnderRunc() throws Exception {
        ImageBuilder base = Report.busyboxImage();
        for (long seed = 100; seed < 110; seed++) {
            Report.Example example = Report.Example.of(seed);
            bundle(example.image(base));
            assertArrived(example, runc());
        }
    }

    @Test
    void everythingArrivesUnderCrun() throws Exception {
        ImageBuilder base = Report.busyboxImage();
        for (long seed = 200; seed < 203; seed++) {
            Report.Example example = Report.Example.of(seed);
            bundle(example.image(base));
            assertArrived(example, crun());
        }
    }

    @Test
    void everythingArrivesUnderNspawn() throws Exception {
        ImageBuilder base = Report.busyboxImage();
        for (long seed = 300; seed < 306; seed++) {
            Report.Example hostile = Report.Example.of(seed);
            // systemd refuses a bundle whose variables have names that no shell could set
            Map<String, String> environment = Map.of("PATH", "/bin", "A", " b\n'c\"\\d $E");
            Report.Example example =
                    new Report.Example(
                            hostile.entrypoint(),
                            hostile.cmd(),
                            environment,
                            hostile.directory(),
                            hostile.user());
            bundle(example.image(base), "--oci-version", "1.0.0");
            assertArrived(example, nspawn());
        }
    }

    /// A database that may write to its volume, and finds its files at the next start.
    @Test
    void volumesKeepWhatTheirOwnerWrites() throws Exception {
        byte[] content = layer().dir("srv/data").owner(7, 8).mode(0700).toBytes();
        bundle(
                ImageBuilder.image(Report.busyboxImage().layers().getFirst(), content)
                        .config("Cmd", List.of("sh", "-c", "cd /srv/data; echo x >> f; cat f"))
                        .config("User", "web")
                        .config("Volumes", Map.of("/srv/data", Map.of())));
        assertThat(runc().succeed().text()).isEqualTo("x\n");
        assertThat(runc().succeed().text()).isEqualTo("x\nx\n");
    }

    @Test
    void volumesShowTheImagesContent() throws Exception {
        bundle(volumeOfWeb(), "--volumes", "tmpfs");
        for (Undocker runtime : List.of(runc(), crun())) {
            assertThat(runtime.succeed().text())
                    .contains("tmpfs /srv/data tmpfs")
                    .endsWith("1770 7:8\ncontent of 7:8\nwritten\n");
        }
    }

    @Test
    void volumesBelongToTheirOwnersInAUserNamespace() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> maps = List.of("--uid-map", "0:100000:65536", "--gid-map", "0:100000:65536");
        bundle(volumeOfWeb(), Stream.concat(maps.stream(), TMPFS.stream()).toArray());
        assertThat(runc().succeed().text())
                .contains("tmpfs /srv/data tmpfs")
                .endsWith("1770 7:8\ncontent of 7:8\nwritten\n");
    }

    @Test
    void volumesOutliveTheBundle() throws Exception {
        Path volumes = Files.createDirectory(directory.resolve("volumes"));
        bundle(volumeOfWeb(), "--volumes", "bind:" + volumes);
        assertThat(runc().succeed().text()).endsWith("1770 7:8\ncontent of 7:8\nwritten\n");
        Path data = volumes.resolve("srv/data");
        Files.delete(data.resolve("file"));
        bundle(volumeOfWeb(), "--volumes", "bind:" + volumes);
        assertThat(runc().succeed().text()).endsWith("1770 7:8\nwritten\n");
        assertThat(data.resolve("x")).hasContent("written\n");
    }

    /// systemd-nspawn begins with an empty one, as undocker says.
    @Test
    void volumesBelongToTheirOwnersUnderNspawn() throws Exception {
        bundle(volumeOfWeb(), "--oci-version", "1.0.0", "--volumes", "tmpfs");
        assertThat(nspawn().succeed().text())
                .contains("tmpfs /srv/data tmpfs")
                .endsWith("1770 7:8\nwritten\n");
    }

    /// A program of the user `web`, 7:8, that shows its volume and writes into it.
    private static ImageBuilder volumeOfWeb() throws Exception {
        byte[] content =
                layer().dir("srv/data")
                        .owner(7, 8)
                        .mode(01770)
                        .file("srv/data/file", "")
                        .owner(7, 8)
                        .toBytes();
        String show =
                "cat /proc/mounts; cd /srv/data; busybox stat -c '%a %u:%g' .; [ ! -e file ] ||"
                        + " busybox stat -c 'content of %u:%g' file; echo written > x; cat x";
        return ImageBuilder.image(Report.busyboxImage().layers().getFirst(), content)
                .config("Cmd", List.of("sh", "-c", show))
                .config("Env", List.of("PATH=/bin"))
                .config("User", "web")
                .config("Volumes", Map.of("/srv/data", Map.of()));
    }

    @Test
    void containersFindNames() throws Exception {
        List<String> command = List.of("sh", "-c", "cat /etc/hosts /etc/resolv.conf");
        ImageBuilder image =
                ImageBuilder.image(
                                Report.busyboxImage().layers().getFirst(),
                                layer().file("etc/hosts", "").file("etc/resolv.conf", "").toBytes())
                        .config("Cmd", command)
                        .config("Env", List.of("PATH=/bin"));
        String resolver = Files.readString(Path.of("/etc/resolv.conf"));
        bundle(image);
        assertThat(runc().succeed().text()).startsWith("127.0.0.1 localhost\n").endsWith(resolver);
        assertThat(crun().succeed().text()).startsWith("127.0.0.1 localhost\n").endsWith(resolver);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        bundle(image, "--uid-map", "0:100000:65536", "--gid-map", "0:100000:65536");
        assertThat(runc().succeed().text()).startsWith("127.0.0.1 localhost\n").endsWith(resolver);
        bundle(image, "--oci-version", "1.0.0");
        assertThat(nspawn().succeed().text())
                .startsWith("127.0.0.1 localhost\n")
                .doesNotContain("nameserver");
    }

    /// The image cannot reach the host's disks through device nodes of its own.
    @Test
    void devicesOfTheImageAreClosed() throws Exception {
        byte[] devices = layer().blockDevice("disk", 7, 0).mode(0666).toBytes();
        ImageBuilder image =
                ImageBuilder.image(Report.busyboxImage().layers().getFirst(), devices)
                        .config("Cmd", List.of("sh", "-c", "cat < /disk; true"));
        bundle(image);
        assertThat(runc().run().errors()).contains("Operation not permitted");
    }

    @Test
    void rootInsideIsAUserOutside() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Report.Example example = Report.Example.of(0);
        bundle(
                example.image(Report.busyboxImage()),
                "--uid-map",
                "0:100000:65536",
                "--gid-map",
                "0:100000:65536");
        assertArrived(example, runc());
    }

    /// As nobody, who has neither rights nor control groups.
    @Test
    void runsWithoutRoot() throws Exception {
        Path own = Files.createDirectory(directory.resolve("own"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setAttribute(own, "unix:uid", 65534);
        Report.Example example = Report.Example.of(0);
        example.image(Report.busyboxImage())
                .docker(Dialect.SKOPEO)
                .tar(directory.resolve("image.tar"));
        String script =
                "'%s' bundle --rootless-runtime ../image.tar b && XDG_RUNTIME_DIR=$PWD"
                                .formatted(Undocker.launcher())
                        + " '%s' --root state run -b b r".formatted(Requirements.tool("runc"));
        Undocker nobody =
                Undocker.program(
                        Requirements.tool("setpriv"),
                        "--reuid=65534",
                        "--regid=65534",
                        "--clear-groups",
                        "sh",
                        "-c",
                        script);
        assertArrived(example, nobody.in(own));
    }

    @Test
    void recipeOfReadmeRuns() throws Exception {
        Recipe recipe = Recipe.in(directory);
        recipe.program(
                "runc",
                "exec '%s' --root '%s' \"$@\""
                        .formatted(Requirements.tool("runc"), directory.resolve("state")));
        assertThat(recipe.run(Readme.commands("bundle")).text())
                .isEqualTo("nginx -g daemon off;\n");
    }
}
