package dev.undocker.output.erofs;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.undocker.UndockerException;
import dev.undocker.cli.CommandOptions;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.program.FileSystemCompression;
import dev.undocker.output.program.FileSystemCompression.Kind;
import dev.undocker.output.program.FileSystemSettings;
import dev.undocker.output.program.FormatLimits;
import dev.undocker.testing.Flatten;
import dev.undocker.testing.LayerBuilder;
import dev.undocker.testing.LoopMount;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;
import dev.undocker.testing.WriterContract;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// The EROFS of a mkfs.erofs(1) that reads no tar. Any version makes one of a tree; what those
/// before 1.8 do not take is refused whichever is there.
class ErofsTreeTest {
    @TempDir Path directory;
    private Path image;

    @BeforeEach
    void needs() {
        Requirements.tools("mkfs.erofs", "fakeroot", "setfattr");
        image = directory.resolve("image");
    }

    /// Where the one of this machine reads a tar, Debian's own may not.
    private static MkfsErofs oldest() {
        Path debians = Path.of("/usr/bin/mkfs.erofs");
        return Files.isExecutable(debians) ? MkfsErofs.of(debians) : MkfsErofs.installed();
    }

    private static FileSystemSettings settings(String... options) {
        FileSystemSettings settings =
                new FileSystemSettings(
                        "an EROFS",
                        Set.of(),
                        new FileSystemCompression(
                                List.of(new Kind("none"), new Kind("lz4hc", 0, 12)), "none", ""),
                        new TreeMaker(),
                        List.of());
        CommandOptions.read(settings::declare, options);
        return settings;
    }

    private static final class TreeMaker implements FileSystemSettings.Maker {
        @Override
        public void require(FileSystemCompression compression) {}

        @Override
        public FormatLimits limits() {
            return ErofsTreeSink.LIMITS;
        }

        @Override
        public RootfsSink open(OutputRequest request, FileSystemCompression compression) {
            return ErofsTreeSink.open(oldest(), request, compression);
        }
    }

    private String refused(LayerBuilder layer) throws Exception {
        try (Flatten flatten = Flatten.of(layer)) {
            UndockerException e =
                    assertThrows(
                            UndockerException.class,
                            () -> flatten.write(settings(), image.toString()));
            assertThat(directory).isEmptyDirectory();
            return e.getMessage();
        }
    }

    @Test
    void theKernelSeesWhatTheEntriesSay() throws Exception {
        LayerBuilder all =
                layer().file(".wh." + "n".repeat(255), "")
                        .file("far", "")
                        .owner(4_294_967_294L, 70_000)
                        .mtime(9_000_000_000L, 7)
                        .file("a =#\\ \"b\"\nc", "")
                        .xattr("security.capability", "\1\0\0\2\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0")
                        .xattr("trusted.x", "t")
                        .xattr("user.a=\\b", "x".repeat(900))
                        .xattr("user.empty", "")
                        .file("n".repeat(254), "")
                        .file("foreign", "")
                        .xattr("com.apple.x", "x");
        try (Flatten flatten = Flatten.of(WriterContract.everything(), all)) {
            flatten.write(settings(), image.toString());
            assertThat(LoopMount.listing(image, "loop,ro").toString())
                    .isEqualTo(
                            flatten.listing()
                                    .toString()
                                    .replaceAll(" @-\\d+\\.\\d+", "")
                                    .replace(" com.apple.x=\"x\"", ""));
            assertThat(flatten.warnings())
                    .containsExactly(
                            "foreign: com.apple.x: lost: mkfs.erofs has no such extended attribute",
                            "before-1970: time: lost: mkfs.erofs has no such year; the nearest is"
                                    + " taken");
        }
        Undocker.program(Requirements.tool("fsck.erofs"), image).succeed();
        Path again = directory.resolve("again");
        try (Flatten flatten = Flatten.of(WriterContract.everything(), all)) {
            flatten.write(settings(), again.toString());
        }
        assertThat(again).hasSameBinaryContentAs(image);
    }

    @Test
    void compressed() throws Exception {
        try (Flatten flatten = Flatten.of(layer().file("f", "x".repeat(1 << 20)))) {
            flatten.write(settings("--compress", "lz4hc"), image.toString());
        }
        assertThat(Files.size(image)).isLessThan(1 << 16);
        Undocker.program(Requirements.tool("fsck.erofs"), image).succeed();
    }

    @Test
    void refusesWhatOldVersionsDoNotTake() throws Exception {
        String name = "n".repeat(255);
        assertThat(refused(layer().file(name, "")))
                .isEqualTo(name + ": this mkfs.erofs takes no name of more than 254 bytes");
        for (String lost : List.of("lost+found", "d/lost+foundry")) {
            assertThat(refused(layer().file(lost, "")))
                    .isEqualTo(
                            lost + ": this mkfs.erofs leaves out names that begin with lost+found");
        }
        String deep = ("d".repeat(200) + "/").repeat(20) + "f".repeat(90);
        assertThat(refused(layer().file(deep, "")))
                .endsWith(": this mkfs.erofs takes no path of that length");
        assertThat(refused(layer().file("f", "").xattr("user.x", "x".repeat(1100))))
                .isEqualTo("f: user.x: fakeroot takes no extended attributes of that size");
    }

    @Test
    void refusesACompressionThatTheProgramLacks() {
        FileSystemCompression compression =
                new FileSystemCompression(List.of(new Kind("zstd")), "zstd", "");
        MkfsErofs old = new MkfsErofs(Path.of("mkfs.erofs"), false, true, Set.of("lz4hc", "lz4"));
        assertThatThrownBy(() -> old.require(compression))
                .hasMessage("--compress zstd: not supported by this mkfs.erofs")
                .extracting(e -> ((UndockerException) e).hint())
                .isEqualTo("it has lz4, lz4hc");
    }

    /// What is said before a conversion, of whichever version is there.
    @Test
    void takesTheProgramOfThisMachine() {
        OutputWriter.Settings settings = new ErofsWriter().newSettings();
        settings.validate(image.toString());
    }
}
