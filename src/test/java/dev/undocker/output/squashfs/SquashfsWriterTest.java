package dev.undocker.output.squashfs;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.UndockerException;
import dev.undocker.cli.CommandOptions;
import dev.undocker.output.OutputWriter;
import dev.undocker.testing.Flatten;
import dev.undocker.testing.LayerBuilder;
import dev.undocker.testing.LoopMount;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;
import dev.undocker.testing.WriterContract;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/// The squashfs, as the kernel and unsquashfs(1) see it.
class SquashfsWriterTest implements WriterContract {
    @TempDir Path directory;

    @BeforeEach
    void needs() {
        Requirements.tool("tar2sqfs");
    }

    @Override
    public OutputWriter writer() {
        return new SquashfsWriter();
    }

    @Override
    public String read(Path destination) throws IOException {
        return HexFormat.of().formatHex(Files.readAllBytes(destination));
    }

    /// All but what the format has no place for, which is said.
    @Test
    void theKernelSeesWhatTheEntriesSay() throws Exception {
        LayerBuilder all =
                WriterContract.everything()
                        .file("far", "")
                        .owner(4_294_967_294L, 70_000)
                        .mtime(9_000_000_000L)
                        .file("capable", "")
                        .xattr("security.capability", "\1\0\0\2\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0")
                        .xattr("trusted.x", "t")
                        .file("acl", "")
                        .xattr("system.posix_acl_access", "x");
        Path image = directory.resolve("image");
        try (Flatten flatten = Flatten.of(all)) {
            flatten.write(writer().newSettings(), image.toString());
            assertThat(LoopMount.listing(image, "loop,ro").toString())
                    .isEqualTo(
                            flatten.listing()
                                    .toString()
                                    .replaceAll(" @-10\\.5\\d+", "")
                                    .replaceAll(" @(\\d+)\\.\\d+", " @$1")
                                    .replace(" @9000000000", " @4294967295")
                                    .replace(" system.posix_acl_access=\"x\"", ""));
            assertThat(flatten.warnings())
                    .containsExactly(
                            "acl: system.posix_acl_access: lost: squashfs has no such extended"
                                    + " attribute",
                            "before-1970: time and 1 more: lost: squashfs has no such year; the"
                                    + " nearest is taken",
                            "dir: time and 1 more: lost: squashfs has whole seconds");
        }
    }

    private OutputWriter.Settings settings(String kind, @Nullable String level) {
        OutputWriter.Settings settings = writer().newSettings();
        CommandOptions.read(settings::declare, "--compress", kind);
        if (level != null) {
            CommandOptions.read(settings::declare, "--level", level);
        }
        return settings;
    }

    @ParameterizedTest
    @CsvSource({"gzip,9", "lz4,", "xz,0", "zstd,19"})
    void compressions(String kind, String level) throws Exception {
        Path image = directory.resolve("image");
        OutputWriter.Settings settings = settings(kind, level);
        settings.validate(image.toString());
        try (Flatten flatten = Flatten.of(layer().file("f", "x".repeat(10_000)))) {
            flatten.write(settings, image.toString());
        }
        String said =
                Undocker.program(Requirements.tool("unsquashfs"), "-s", image).succeed().text();
        assertThat(said)
                .contains("Compression " + kind)
                .contains("Creation or last append time Thu Jan  1 00:00:01 1970");
    }

    @ParameterizedTest
    @CsvSource({
        "zip,,'--compress zip: is not one of gzip, lz4, xz, zstd'",
        "lz4,1,--level 1: lz4 has no levels",
        "gzip,0,--level 0: gzip takes 1 to 9",
    })
    void refusesOtherCompressions(String kind, String level, String sentence) {
        OutputWriter.Settings settings = settings(kind, level);
        assertThatThrownBy(() -> settings.validate(directory.resolve("x").toString()))
                .isInstanceOf(UndockerException.class)
                .hasMessage(sentence);
    }

    @Test
    void refusesWhatIsNoFile() {
        OutputWriter.Settings settings = writer().newSettings();
        assertThatThrownBy(() -> settings.validate("-"))
                .hasMessage("standard output cannot hold a squashfs");
        assertThatThrownBy(() -> settings.validate("/dev/null"))
                .hasMessage("/dev/null: is no regular file");
    }
}
