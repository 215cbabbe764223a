package dev.undocker.cli;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.ImageBuilder.Packing;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;

/// Libraries of the machine make a run faster, and nothing else.
class LibrariesIT {
    private static final String GZIP = "libisal.so.2";
    private static final String DIGEST = "libcrypto.so.3";

    @TempDir private Path directory;

    @BeforeEach
    void makeImage() throws Exception {
        ImageBuilder.image(layer().dir("d/").file("d/f", "text ".repeat(300_000)).toBytes())
                .packed(Packing.GZIP)
                .docker(ImageBuilder.Dialect.SAVE)
                .tar(directory.resolve("image.tar"));
    }

    private Undocker undocker(String libraries, Object... arguments) {
        return Undocker.command(arguments).with("UNDOCKER_LIBRARIES", libraries).in(directory);
    }

    @Test
    void theyGiveTheSameBytes() throws Exception {
        Requirements.library(GZIP);
        Requirements.library(DIGEST);
        byte[] expected = undocker("java", "rootfs", "image.tar", "-").succeed().output();
        assertThat(undocker("system", "rootfs", "image.tar", "-").succeed().output())
                .isEqualTo(expected);
        assertThat(undocker("", "rootfs", "image.tar", "-").succeed().output()).isEqualTo(expected);
    }

    @Test
    void theyAreFoundWithinTheSandbox() throws Exception {
        Requirements.library(GZIP);
        Requirements.root();
        Undocker.Result result = undocker("system", "dir", "-v", "image.tar", "tree").succeed();
        assertThat(result.errors()).contains("sandbox: no new privileges");
        assertThat(directory.resolve("tree/d/f")).hasContent("text ".repeat(300_000));
    }

    /// Whoever may write there shall not have a say: the virtual machine opens it to look at it.
    @Test
    void theCurrentDirectoryIsNotSearched() throws Exception {
        Requirements.library(GZIP);
        Undocker.program(Requirements.tool("mkfifo"), directory.resolve("libisal.so.2")).succeed();
        byte[] expected = undocker("java", "rootfs", "image.tar", "-").succeed().output();
        assertThat(undocker("system", "rootfs", "image.tar", "-").succeed().output())
                .isEqualTo(expected);
    }

    @Test
    void anotherWordIsRefused() throws Exception {
        Undocker.Result result = undocker("jva", "rootfs", "image.tar", "-").run();
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.errors())
                .startsWith("undocker: UNDOCKER_LIBRARIES: jva: is not one of java, system\n");
    }

    /// A file that is no library lies over it, for the run alone.
    @ParameterizedTest
    @ValueSource(strings = {GZIP, DIGEST})
    void whereOneIsMissingJavaDoesItsWork(String library) throws Exception {
        Requirements.library(GZIP);
        Requirements.library(DIGEST);
        Requirements.root();
        Requirements.tools("unshare", "mount", "ldconfig");
        byte[] expected = undocker("java", "rootfs", "image.tar", "-").succeed().output();
        assertThat(without(library, "").succeed().output()).isEqualTo(expected);
        Undocker.Result result = without(library, "system").run();
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.errors())
                .isEqualTo(
                        "undocker: UNDOCKER_LIBRARIES=system: %s is missing\n".formatted(library));
    }

    private Undocker without(String library, String libraries) {
        String script =
                "for file in $(ldconfig -p | sed -n 's/.*%s.* => //p'); do"
                        + " mount --bind /dev/null \"$(readlink -f \"$file\")\" || exit 9; done;"
                        + " exec \"$@\"";
        return Undocker.program(
                        Path.of("/usr/bin/unshare"),
                        "--mount",
                        "sh",
                        "-c",
                        script.formatted(library),
                        "sh",
                        Undocker.launcher(),
                        "rootfs",
                        "image.tar",
                        "-")
                .with("UNDOCKER_LIBRARIES", libraries)
                .in(directory);
    }
}
