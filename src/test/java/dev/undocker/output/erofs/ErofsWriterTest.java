package dev.undocker.output.erofs;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.UndockerException;
import dev.undocker.cli.CommandOptions;
import dev.undocker.image.Digest;
import dev.undocker.output.OutputWriter;
import dev.undocker.testing.Flatten;
import dev.undocker.testing.LayerBuilder;
import dev.undocker.testing.LoopMount;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;
import dev.undocker.testing.WriterContract;

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

/// The EROFS, as the kernel and fsck.erofs(1) see it.
class ErofsWriterTest implements WriterContract {
    @TempDir Path directory;

    @BeforeEach
    void needs() {
        Requirements.tool("mkfs.erofs");
        Requirements.require(MkfsErofs.installed().readsTar(), "needs mkfs.erofs 1.8");
    }

    @Override
    public OutputWriter writer() {
        return new ErofsWriter();
    }

    @Override
    public String read(Path destination) throws IOException {
        return Digest.sha256(Files.readAllBytes(destination)).toString();
    }

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
                        .file("foreign", "")
                        .xattr("com.apple.x", "x");
        Path image = directory.resolve("image");
        try (Flatten flatten = Flatten.of(all)) {
            flatten.write(writer().newSettings(), image.toString());
            assertThat(LoopMount.listing(image, "loop,ro").toString())
                    .isEqualTo(
                            flatten.listing()
                                    .toString()
                                    .replaceAll(" @(-?\\d+)\\.\\d+", " @$1")
                                    .replace(" com.apple.x=\"x\"", ""));
            assertThat(flatten.warnings())
                    .containsExactly(
                            "foreign: com.apple.x: lost: mkfs.erofs has no such extended attribute",
                            "dir: time and 2 more: lost: mkfs.erofs has whole seconds");
        }
    }

    /// Versions before 1.9.1 wait for ever on a disk that becomes full, or end well.
    @Test
    @Timeout(60)
    void aDiskWithoutRoom() throws Exception {
        Requirements.root();
        Path disk = Files.createDirectory(directory.resolve("disk"));
        Path image = disk.resolve("image");
        LayerBuilder files = layer();
        for (int i = 0; i < 500; i++) {
            files.file("f" + i, "x".repeat(8192));
        }
        Undocker.program(Requirements.tool("mount"), "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk)
                .succeed();
        try (Flatten flatten = Flatten.of(files)) {
            assertThatThrownBy(() -> flatten.write(writer().newSettings(), image.toString()))
                    .isInstanceOf(UndockerException.class)
                    .hasMessageStartingWith(image + ": ");
            assertThat(disk).isEmptyDirectory();
        } finally {
            Undocker.program(Requirements.tool("umount"), disk).succeed();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1.5, false, false",
        "1.8, true, false",
        "1.8.6, true, false",
        "1.9, true, false",
        "1.9.1, true, true",
        "1.10, true, true",
        "2.0, true, true"
    })
    void whatAVersionDoes(String version, boolean readsTar, boolean tellsFailures)
            throws Exception {
        Path program = directory.resolve("mkfs.erofs");
        Files.writeString(
                program, "#!/bin/sh\necho 'mkfs.erofs (erofs-utils) %s'\n".formatted(version));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        MkfsErofs found = MkfsErofs.of(program);
        assertThat(found.readsTar()).isEqualTo(readsTar);
        assertThat(found.tellsFailures()).isEqualTo(tellsFailures);
    }

    @Test
    void compressed() throws Exception {
        Path image = directory.resolve("image");
        OutputWriter.Settings settings = writer().newSettings();
        CommandOptions.read(settings::declare, "--compress", "lz4hc", "--level", "12");
        settings.validate(image.toString());
        try (Flatten flatten = Flatten.of(layer().file("f", "x".repeat(1 << 20)))) {
            flatten.write(settings, image.toString());
        }
        assertThat(Files.size(image)).isLessThan(1 << 16);
        Undocker.program(Requirements.tool("fsck.erofs"), image).succeed();
    }

    @Test
    void refusesOtherCompressions() {
        OutputWriter.Settings settings = writer().newSettings();
        CommandOptions.read(settings::declare, "--level", "3");
        assertThatThrownBy(() -> settings.validate(directory.resolve("x").toString()))
                .hasMessage("--level 3: none has no levels");
        CommandOptions.read(settings::declare, "--compress", "lz4");
        assertThatThrownBy(() -> settings.validate(directory.resolve("x").toString()))
                .hasMessage("--level 3: lz4 has no levels");
        CommandOptions.read(settings::declare, "--compress", "lzma", "--level", "10");
        assertThatThrownBy(() -> settings.validate(directory.resolve("x").toString()))
                .hasMessage("--level 10: lzma takes 0 to 9");
        CommandOptions.read(settings::declare, "--compress", "gzip");
        assertThatThrownBy(() -> settings.validate(directory.resolve("x").toString()))
                .hasMessageStartingWith("--compress gzip: is not one of none, lz4");
    }
}
