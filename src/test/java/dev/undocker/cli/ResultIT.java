package dev.undocker.cli;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.ByteCount;
import dev.undocker.testing.HelloImage;
import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.Recipe;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What is said of a finished output, and that a shell takes the command that comes next.
class ResultIT {
    private static final Pattern LINE =
            Pattern.compile("undocker: made (.*), ([0-9.]+ k?B), in \\d+\\.\\d s; next: (.*)");

    @TempDir private Path directory;

    @BeforeEach
    void writeImage() throws Exception {
        Files.write(directory.resolve("image.tar"), HelloImage.bytes());
        ImageBuilder.image(layer().file("usr/x", "x").toBytes())
                .docker(ImageBuilder.Dialect.SAVE)
                .tar(directory.resolve("usr.tar"));
        for (String program :
                List.of("systemd-nspawn", "runc", "lxc-create", "lxc-start", "incus", "lxc")) {
            program(program, "printf '<%s>' " + program + " \"$@\"");
        }
        program("sudo", "exec \"$@\"");
    }

    private void program(String name, String script) throws Exception {
        new Recipe(directory).program(name, script);
    }

    private Undocker.Result terminal(String shellCommand) throws Exception {
        return Undocker.program(Requirements.tool("script"), "-qec", shellCommand, "/dev/null")
                .in(directory)
                .with("NO_COLOR", "1")
                .run();
    }

    private Matcher line(String arguments) throws Exception {
        Undocker.Result result =
                terminal("'" + Undocker.launcher() + "' " + arguments + " 2>&1 | cat >/dev/null");
        assertThat(result.text()).as("without a terminal").isEmpty();
        result = terminal("'" + Undocker.launcher() + "' " + arguments.replace("out", "again"));
        String last = result.text().lines().toList().getLast();
        Matcher line = LINE.matcher(last);
        assertThat(line.matches()).as(result.text()).isTrue();
        return line;
    }

    private Undocker.Result next(Matcher line) throws Exception {
        return Undocker.program(Requirements.tool("bash"), "-c", line.group(3))
                .in(directory)
                .with("PATH", directory.resolve("bin") + ":" + System.getenv("PATH"))
                .succeed();
    }

    @ParameterizedTest
    @CsvSource({
        "rootfs image.tar 'out put.tar', again put, 'again put.tar'",
        "rootfs image.tar out.tar.gz, again, again.tar.gz",
        "rootfs image.tar ./-out.tar, ./-again, ./-again.tar",
        "rootfs --compress xz image.tar out, again.d, again",
        "rootfs image.tar out:1.tar, again:1, again:1.tar",
    })
    void aTarIsUnpacked(String arguments, Path tree, Path tar) throws Exception {
        Matcher line = line(arguments);
        assertThat(line.group(1)).isEqualTo(tar.toString());
        assertThat(line.group(2)).isEqualTo(ByteCount.format(Files.size(directory.resolve(tar))));
        next(line);
        assertThat(directory.resolve(tree).resolve("hello")).isExecutable();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "dir usr.tar 'out a'; again a; <systemd-nspawn><-D><again a>",
                "nspawn image.tar out; again/hello-1; <systemd-nspawn><-D><again/hello-1>",
                "nspawn --name web image.tar out; again/web; <systemd-nspawn><-D><again/web>",
                "lxc image.tar out; again;"
                        + " <lxc-create><-n><hello-1><-t><local><--><-m><again/meta.tar.xz>"
                        + "<-f><again/rootfs.tar.xz>",
                "lxc --format dir image.tar out; again/hello-1;"
                        + " <lxc-start><-P><DIR/again><-n><hello-1><-F>",
                "incus image.tar out.tar.xz; again.tar.xz;"
                        + " <incus><image><import><again.tar.xz><--alias><hello-1>",
                "incus --init-shim image.tar out.tar; again.tar;"
                        + " <lxc><image><import><again.tar><--alias><hello-1>",
                "incus --split image.tar out; again;"
                        + " <incus><image><import><again/metadata.tar.xz><again/rootfs.tar.xz>"
                        + "<--alias><hello-1>",
                "bundle image.tar out; again; <runc><run><--bundle><again><hello-1>",
                "bundle --rootless-runtime image.tar out; again;"
                        + " <runc><run><--bundle><again><hello-1>",
                "bundle --oci-version 1.0.0 image.tar out; again;"
                        + " <systemd-nspawn><--oci-bundle><again>",
            })
    void whatComesNext(String arguments, String made, String command) throws Exception {
        Matcher line = line(arguments);
        assertThat(line.group(1)).isEqualTo(made);
        assertThat(directory.resolve(made)).exists();
        assertThat(next(line).text())
                .isEqualTo(command.replace("DIR", directory.toRealPath().toString()));
    }

    /// systemd-nspawn would refuse it.
    @Test
    void nothingComesNextOfATreeWithoutUsr() throws Exception {
        assertThat(terminal("'" + Undocker.launcher() + "' dir image.tar out").text())
                .containsPattern("undocker: made out, \\d+ B, in \\d+\\.\\d s\r\n$");
    }

    @Test
    void aConfigurationIsAFile() throws Exception {
        assertThat(terminal("'" + Undocker.launcher() + "' lxcconfig image.tar config").text())
                .containsPattern("undocker: made config, \\d+ B, in \\d+\\.\\d s\r\n$");
    }

    @Test
    void aLineForEachOutput() throws Exception {
        assertThat(
                        terminal(
                                        "'"
                                                + Undocker.launcher()
                                                + "' convert usr.tar -o rootfs:a.tar -o dir:tree"
                                                + " -o rootfs:/dev/null")
                                .text()
                                .lines()
                                .filter(line -> line.contains("made")))
                .hasSize(2)
                .allMatch(line -> LINE.matcher(line).matches());
    }

    /// What goes there is not the user's to go on with, or the user wants to hear nothing.
    @ParameterizedTest
    @CsvSource({
        "rootfs --progress=none image.tar /dev/null",
        "rootfs --progress=none image.tar - >/dev/null",
        "rootfs -q image.tar out.tar",
        "rootfs image.tar out.tar 2>/dev/null"
    })
    void nothingToSay(String arguments) throws Exception {
        assertThat(terminal("'" + Undocker.launcher() + "' " + arguments).text()).isEmpty();
    }

    /// Who asks for more is told without a terminal too.
    @Test
    void verbose() throws Exception {
        assertThat(
                        Undocker.command("rootfs", "-v", "image.tar", "out.tar")
                                .in(directory)
                                .succeed()
                                .errors()
                                .lines())
                .hasSize(3)
                .anyMatch(line ->
                        line.startsWith(
                                "undocker: sandbox: "
                                        + (Undocker.isNative() ? "no new" : "none: ")))
                .anyMatch(line ->
                        line.matches(
                                "undocker: example.org/hello:1: an image for linux/\\w+, \\d"
                                        + " layers?, .*B"))
                .anyMatch(line -> LINE.matcher(line).matches());
    }
}
