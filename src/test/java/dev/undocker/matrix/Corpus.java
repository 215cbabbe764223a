package dev.undocker.matrix;

import dev.undocker.cli.CommandLineRun;
import dev.undocker.output.bundle.BundleWriter;
import dev.undocker.output.incus.IncusWriter;
import dev.undocker.output.lxc.LxcWriter;
import dev.undocker.output.nspawn.NspawnWriter;
import dev.undocker.output.tar.RootfsWriter;
import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The images of the matrix and what undocker makes of them, as `src/test/matrix/jobs` finds them:
/// a directory for each case, called by its number.
///
/// | in it | made by |
/// |---|---|
/// | `image.tar` | nobody: the image, a docker-archive |
/// | `expected/` | [MatrixCase#expect(Path)] |
/// | `wait` | an empty file, where the program waits for its stop signal |
/// | `plain` | an empty file, where systemd takes every name for a bundle |
/// | `ranged` | an empty file, where no id is above 65,535, as in most user namespaces |
/// | `lxc/`, `lxc6/` | `lxc`, and `lxc --lxc-version 6` |
/// | `containers/c/` | `lxc --format dir --lxc-version 5` |
/// | `containers/shifted/` | the same with `--uid-map`, where it is `ranged` |
/// | `machines/c`, `machines/c.nspawn` | `nspawn` |
/// | `machines/shifted`, `machines/shifted.nspawn` | the same with `--uid-map`, where it is `ranged` |
/// | `bundle/`, `bundle100/` | `bundle`, and `bundle --oci-version 1.0.0` |
/// | `rootfs.tar` | `rootfs` |
/// | `incus.tar.gz`, `shim.tar.gz` | `incus`, and `incus --init-shim` |
final class Corpus {
    /// How many of the cases wait for their signal: a stop takes longer than a start.
    private static final int EACH_WAITS = 8;

    private Corpus() {}

    /// Makes the cases anew, from 0 on.
    static void make(Path directory, int count) throws IOException, InterruptedException {
        Undocker.program(Path.of("/bin/rm"), "-rf", directory).succeed();
        Files.createDirectories(directory);
        byte[] probe = probe(directory);
        for (long seed = 0; seed < count; seed++) {
            MatrixCase one = MatrixCase.of(seed);
            Path place = Files.createDirectory(directory.resolve("%04d".formatted(seed)));
            one.expect(Files.createDirectory(place.resolve("expected")));
            ImageBuilder image = one.image(probe);
            if (seed % EACH_WAITS == 0) {
                Files.createFile(place.resolve("wait"));
                image = MatrixCase.waiting(image);
            }
            if (one.plain()) {
                Files.createFile(place.resolve("plain"));
            }
            image.docker(ImageBuilder.Dialect.SKOPEO).tar(place.resolve("image.tar"));
            convert(place);
            if (one.ranged()) {
                Files.createFile(place.resolve("ranged"));
                convertShifted(place);
            }
        }
    }

    private static byte[] probe(Path directory) throws IOException, InterruptedException {
        Path probe = directory.resolve("probe");
        Path source = Path.of("src/test/matrix/probe.c").toAbsolutePath();
        Undocker.program(Requirements.tool("gcc"), "-O", "-static", "-s", "-o", probe, source)
                .succeed();
        return Files.readAllBytes(probe);
    }

    private static void convert(Path place) {
        undocker("rootfs", place, "rootfs.tar");
        undocker("lxc", "--level=0", place, "lxc");
        undocker("lxc", "--level=0", "--lxc-version=6", place, "lxc6");
        undocker("lxc", "--format=dir", "--lxc-version=5", "--name=c", place, "containers");
        undocker("nspawn", "--name=c", place, "machines");
        undocker("bundle", place, "bundle");
        undocker("bundle", "--oci-version=1.0.0", place, "bundle100");
        undocker("incus", place, "incus.tar.gz");
        undocker("incus", "--init-shim", place, "shim.tar.gz");
    }

    private static void convertShifted(Path place) {
        String map = "0:131072:65536";
        String uids = "--uid-map=" + map;
        String gids = "--gid-map=" + map;
        undocker(
                "lxc",
                "--format=dir",
                "--lxc-version=5",
                "--name=shifted",
                uids,
                gids,
                place,
                "containers");
        undocker("nspawn", "--name=shifted", uids, gids, place, "machines");
    }

    /// The last two words are the case and the name of the output in it.
    private static void undocker(Object... arguments) {
        List<Object> words = new ArrayList<>(List.of(arguments));
        Path output = Path.of(words.removeLast().toString());
        Path place = (Path) words.removeLast();
        Collections.addAll(words, "--no-sync", place.resolve("image.tar"), place.resolve(output));
        Undocker.Result result =
                CommandLineRun.with(
                        List.of(
                                new RootfsWriter(),
                                new LxcWriter(),
                                new NspawnWriter(),
                                new BundleWriter(),
                                new IncusWriter()),
                        words.toArray());
        if (result.exitCode() != 0) {
            throw new AssertionError(place + ": " + result.errors());
        }
    }
}
