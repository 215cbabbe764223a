package dev.undocker.output.squashfs;

import dev.undocker.Options;
import dev.undocker.output.Made;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.ShellCommand;
import dev.undocker.output.process.InitShim;
import dev.undocker.output.program.FormatLimits;
import dev.undocker.output.program.ImageIdentity;
import dev.undocker.output.program.Program;
import dev.undocker.output.program.ProgramSink;

import jakarta.inject.Singleton;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `squashfs`: a compressed file system that is only read, made by tar2sqfs(1). Of the two programs
/// that make one of a tar it is the exact one: sqfstar(1) skips the root directory's own member,
/// and takes times that do not fit modulo 2³².
@Singleton
public class SquashfsWriter implements OutputWriter {
    private static final Program TAR2SQFS = new Program("tar2sqfs", "squashfs-tools-ng");

    /// The format's own (`fs/squashfs/squashfs_fs.h`, `fs/squashfs/xattr.c`): times are unsigned
    /// numbers of 32 bits.
    private static final FormatLimits LIMITS =
            new FormatLimits(
                    "squashfs", Set.of("user.", "trusted.", "security."), 0, 0xffff_ffffL, false);

    @Override
    public String name() {
        return "squashfs";
    }

    @Override
    public boolean isFilesOnly() {
        return true;
    }

    @Override
    public String summary() {
        return "Write the root file system as a squashfs";
    }

    @Override
    public String destinationLabel() {
        return "OUT";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "undocker squashfs docker://nginx nginx.squashfs",
                "undocker squashfs --compress xz --level 9 image.tar nginx.squashfs");
    }

    @Override
    public Settings newSettings() {
        return new SquashfsSettings();
    }

    /// How it is compressed.
    static final class SquashfsSettings implements Settings {
        private final InitShim shim = new InitShim(InitShim.ON_DISK);
        private String compress = SquashfsCompression.ZSTD.toString();
        private @Nullable Integer level;

        @Override
        public void declare(Options options) {
            shim.declare(options);
            options.text(
                    "--compress",
                    "gzip|lz4|xz|zstd",
                    "how it is compressed; zstd by default",
                    word -> compress = word);
            options.number(
                    "--level",
                    "N",
                    "compression level; by default 9 for gzip, 6 for xz, 15 for zstd",
                    number -> level = number);
        }

        @Override
        public void validate(String destination) {
            shim.validate();
            SquashfsCompression.parse(compress).checkLevel(level);
            ProgramSink.validate(destination, "a squashfs");
            TAR2SQFS.require();
        }

        @Override
        public RootfsSink open(OutputRequest request) {
            return shim.into(request, this::begin);
        }

        private RootfsSink begin(OutputRequest request) {
            ImageIdentity identity = ImageIdentity.of(request.image().config());
            return ProgramSink.open(
                    TAR2SQFS.name(),
                    file -> command(file, request.threads()),
                    Map.of("SOURCE_DATE_EPOCH", Long.toString(identity.seconds())),
                    LIMITS,
                    request);
        }

        private List<String> command(Path file, int threads) {
            List<String> command =
                    new ArrayList<>(
                            List.of(
                                    TAR2SQFS.require().toString(),
                                    "--quiet",
                                    "--no-skip",
                                    "--force",
                                    "--num-jobs=" + threads,
                                    "--compressor=" + SquashfsCompression.parse(compress)));
            if (level != null) {
                command.add("--comp-extra=level=" + level);
            }
            command.add(file.toString());
            return command;
        }

        @Override
        public Made made(String destination, String imageName) {
            Path file = Path.of(destination);
            return Made.file(file, ShellCommand.asRoot("mount", "-o", "loop,ro", file, "/mnt"));
        }
    }
}
