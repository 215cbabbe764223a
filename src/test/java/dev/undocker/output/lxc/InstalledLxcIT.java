package dev.undocker.output.lxc;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/// A container for this machine is written for this machine's LXC.
class InstalledLxcIT {
    private static final String QUOTED = "lxc.init.cmd = '/bin/app \"a b\"'";
    private static final String LAUNCHED = "lxc.init.cmd = /.undocker-init";

    @TempDir private Path directory;

    @BeforeEach
    void makeImage() throws Exception {
        ImageBuilder.image(layer().file("bin/app", "").mode(0755).toBytes())
                .tag("app:1")
                .config("Cmd", List.of("/bin/app", "a b"))
                .docker(ImageBuilder.Dialect.SKOPEO)
                .tar(directory.resolve("image.tar"));
    }

    private Undocker.Result convert(String program, String... options) throws Exception {
        Path bin = Files.createDirectories(directory.resolve("bin"));
        Path start = Files.writeString(bin.resolve("lxc-start"), "#!/bin/sh\n" + program + "\n");
        Files.setPosixFilePermissions(start, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<Object> words = new ArrayList<>(List.of("lxc", "--force", "--no-previous"));
        words.addAll(List.of(options));
        words.addAll(List.of("--name=c", "image.tar", "out"));
        return Undocker.command(words.toArray())
                .with("PATH", bin + ":" + System.getenv("PATH"))
                .in(directory)
                .succeed();
    }

    private String config(String program, String... options) throws Exception {
        List<String> words = new ArrayList<>(List.of("--format=dir"));
        words.addAll(List.of(options));
        assertThat(convert(program, words.toArray(String[]::new)).errors()).isEmpty();
        return Files.readString(directory.resolve("out/c/config"));
    }

    @Test
    void newOnesNeedNoLauncher() throws Exception {
        assertThat(config("[ \"$1\" = --version ] && echo 6.0.4")).contains(QUOTED);
        assertThat(config("echo 7.0.0-devel")).contains(QUOTED);
        assertThat(config("echo 5.0.2")).contains(LAUNCHED);
    }

    @Test
    void optionWins() throws Exception {
        assertThat(config("echo 7.0.0", "--lxc-version=5")).contains(LAUNCHED);
        assertThat(config("echo 5.0.2", "--lxc-version=6")).contains(QUOTED);
    }

    @Test
    void whatAnswersOddlyIsNoLxc() throws Exception {
        for (String program :
                List.of("exit 1", "echo 6.0.4; exit 1", "echo new", "true", "kill -9 $$")) {
            assertThat(config(program)).as(program).contains(LAUNCHED);
        }
    }

    @Test
    void verboseSaysSo() throws Exception {
        assertThat(convert("echo 6.0.4", "--format=dir", "--verbose").errors())
                .contains("undocker: LXC 6.0.4 is installed: written as with --lxc-version 6\n");
    }

    @Test
    void archivesAreForOtherMachinesToo() throws Exception {
        assertThat(convert("echo 6.0.4", "--verbose").errors()).doesNotContain("is installed");
    }
}
