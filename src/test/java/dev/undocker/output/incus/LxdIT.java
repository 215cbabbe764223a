package dev.undocker.output.incus;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.ImageBuilder.Dialect;
import dev.undocker.testing.Readme;
import dev.undocker.testing.Recipe;
import dev.undocker.testing.Report;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Images that undocker makes, imported and started by LXD.
@Timeout(120)
class LxdIT {
    private static Lxd lxd;

    @TempDir private Path directory;

    /// Once, but here, where a test that is skipped says why.
    @BeforeEach
    void startDaemon() throws Exception {
        if (lxd == null) {
            lxd = Lxd.start();
        }
    }

    @AfterAll
    static void stopDaemon() throws Exception {
        if (lxd != null) {
            lxd.close();
        }
    }

    /// The bytes of a layer that everybody can report to.
    private static byte[] place() {
        return layer().dir("out").mode(0777).toBytes();
    }

    private static ImageBuilder base() throws IOException {
        return ImageBuilder.image(Report.busyboxImage().layers().getFirst(), place());
    }

    private Undocker.Result undocker(ImageBuilder image, Object... arguments) throws Exception {
        image.docker(Dialect.SKOPEO).tar(directory.resolve("image.tar"));
        return Undocker.command(arguments).in(directory).succeed();
    }

    private void lxc(Object... arguments) throws Exception {
        lxd.lxc(arguments).in(directory).succeed();
    }

    private static Report report(String instance) throws Exception {
        return Report.parse(written(instance));
    }

    private static String written(String instance) throws Exception {
        Path file = lxd.rootfs(instance).resolve(Report.FILE.substring(1));
        for (int i = 0; i < 200 && !Files.exists(file); i++) {
            Thread.sleep(50);
        }
        assertThat(file).exists();
        String text = Files.readString(file);
        lxd.delete(instance);
        return text;
    }

    private static void assertArrived(Report.Example example, Report report) {
        assertThat(report.argv()).isEqualTo(example.argv());
        assertThat(report.environment()).contains("container=lxc");
        assertThat(report.environment()).containsAll(example.assignments());
        assertThat(report.directory()).isEqualTo(example.directory());
        assertThat(report.ids()).isEqualTo(example.ids());
    }

    @ParameterizedTest
    @CsvSource({"400,false", "401,true", "402,false", "403,true", "404,true"})
    void everythingArrives(long seed, boolean split) throws Exception {
        Report.Example example = Report.Example.of(seed).reportingToFile();
        ImageBuilder image = example.image(base());
        if (split) {
            undocker(image, "incus", "--init-shim", "--split", "--level=0", "image.tar", "out");
            lxc("image", "import", "out/metadata.tar.xz", "out/rootfs.tar.xz", "--alias=i");
        } else {
            undocker(image, "incus", "--init-shim", "image.tar", "out.tar.gz");
            lxc("image", "import", "out.tar.gz", "--alias=i");
        }
        lxc("launch", "i", "c");
        lxc("image", "delete", "i");
        assertArrived(example, report("c"));
    }

    /// Incus mounts an empty file system over `/run`; LXD is told to.
    @Test
    void directoriesBelowRunAreMadeAnew() throws Exception {
        byte[] run =
                layer().dir("run/")
                        .dir("run/app/")
                        .owner(999, 998)
                        .mode(02775)
                        .file("run/app/file", "")
                        .toBytes();
        String script =
                "(cd /run/app && busybox stat -c '%a %u:%g' . && echo *) > /out/new;"
                        + " busybox mv /out/new %s; exec sleep 1000".formatted(Report.FILE);
        ImageBuilder image =
                ImageBuilder.image(Report.busyboxImage().layers().getFirst(), place(), run)
                        .tag("report:1")
                        .config("Entrypoint", List.of("/bin/sh", "-c", script))
                        .config("User", "999:998");
        undocker(image, "incus", "--init-shim", "image.tar", "out.tar");
        lxc("image", "import", "out.tar", "--alias=i");
        String mount = "lxc.mount.entry = none run tmpfs defaults,mode=755 0 0";
        lxc("launch", "i", "c", "--config", "raw.lxc=" + mount);
        lxc("image", "delete", "i");
        assertThat(written("c")).isEqualTo("2775 999:998\n*\n");
    }

    @Test
    void imageWithAnInitNeedsWhatTheWarningSays() throws Exception {
        Report.Example example = Report.Example.of(406).reportingToFile();
        byte[] init = layer().file("sbin/init", "#!/bin/sh\n").mode(0755).toBytes();
        ImageBuilder image =
                ImageBuilder.image(Report.busyboxImage().layers().getFirst(), place(), init);
        String warning =
                undocker(example.image(image), "incus", "--init-shim", "image.tar", "out.tar")
                        .errors();
        String raw =
                Pattern.compile("set raw\\.lxc to '(.*)'\n")
                        .matcher(warning)
                        .results()
                        .map(line -> line.group(1))
                        .collect(Collectors.joining("\n"));
        assertThat(raw).contains("lxc.init.cmd", "lxc.signal.halt = SIGTERM");
        lxc("image", "import", "out.tar", "--alias=i");
        lxc("launch", "i", "c", "--config", "raw.lxc=" + raw);
        lxc("image", "delete", "i");
        assertArrived(example, report("c"));
    }

    @Test
    void recipeOfReadmeRuns() throws Exception {
        Recipe recipe = recipe(place());
        recipe.program("lxc", "exec %s \"$@\"".formatted(lxd.command()));
        recipe.run(Readme.commands("lxd"));
        lxc("image", "delete", "nginx");
        assertThat(report("web").argv()).endsWith("/bin/nginx", "-g", "daemon off;");
    }

    /// Incus is LXD's descendant: its client takes these arguments too. What is not shown here is
    /// that Incus starts the process that `config.json` names: LXD starts the `/sbin/init` that the
    /// image has to have for it.
    @Test
    void recipeOfReadmeForIncusIsUnderstood() throws Exception {
        Recipe recipe =
                recipe(
                        layer().dir("out")
                                .mode(0777)
                                .file("sbin/init", "#!/bin/sh\nexec /bin/nginx \"$@\"\n")
                                .mode(0755)
                                .toBytes());
        recipe.program("incus", "exec %s \"$@\"".formatted(lxd.command()));
        recipe.run(Readme.commands("incus"));
        lxc("image", "delete", "nginx");
        assertThat(report("web").argv()).endsWith("/bin/nginx");
    }

    /// An image called `nginx` whose process reports.
    private Recipe recipe(byte[] layer) throws IOException {
        Recipe recipe = Recipe.in(directory);
        byte[] program = layer().file("bin/nginx", Report.PROGRAM).mode(0755).toBytes();
        ImageBuilder.image(Report.busyboxImage().layers().getFirst(), layer, program)
                .tag("nginx")
                .config("Cmd", List.of("nginx", "-g", "daemon off;"))
                .docker(Dialect.SKOPEO)
                .tar(directory.resolve("image.tar"));
        return recipe;
    }
}
