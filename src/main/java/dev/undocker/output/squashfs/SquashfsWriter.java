package dev.undocker.output.squashfs;

import dev.undocker.output.OutputRequest;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.program.FileSystemCompression;
import dev.undocker.output.program.FileSystemCompression.Kind;
import dev.undocker.output.program.FileSystemSettings;
import dev.undocker.output.program.FormatLimits;
import dev.undocker.output.program.ImageIdentity;
import dev.undocker.output.program.Program;
import dev.undocker.output.program.ProgramSink;

import jakarta.inject.Singleton;

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

    /// All that kernels read today, but lzo and lzma, which nobody needs any more
    /// (`fs/squashfs/Kconfig`).
    private static final List<Kind> KINDS =
            List.of(
                    new Kind("gzip", 1, 9),
                    new Kind("lz4"),
                    new Kind("xz", 0, 9),
                    new Kind("zstd", 1, 22));

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
        return new FileSystemSettings(
                "a squashfs",
                Set.of("squashfs", "sfs", "sqfs", "sqsh", "img"),
                new FileSystemCompression(KINDS, "zstd", "9 for gzip, 6 for xz, 15 for zstd"),
                new Maker(),
                List.of("-o", "loop,ro"));
    }

    private static final class Maker implements FileSystemSettings.Maker {
        @Override
        public void require(FileSystemCompression compression) {
            TAR2SQFS.require();
        }

        @Override
        public FormatLimits limits() {
            return LIMITS;
        }

        @Override
        public RootfsSink open(OutputRequest request, FileSystemCompression compression) {
            ImageIdentity identity = ImageIdentity.of(request.image().config());
            return ProgramSink.open(
                    TAR2SQFS.name(),
                    file -> command(file, request.threads(), compression),
                    Map.of("SOURCE_DATE_EPOCH", Long.toString(identity.seconds())),
                    LIMITS,
                    0,
                    request);
        }

        private static List<String> command(
                Path file, int threads, FileSystemCompression compression) {
            List<String> command =
                    new ArrayList<>(
                            List.of(
                                    TAR2SQFS.require().toString(),
                                    "--quiet",
                                    "--no-skip",
                                    "--force",
                                    "--num-jobs=" + threads,
                                    "--compressor=" + compression.word()));
            if (compression.level() != null) {
                command.add("--comp-extra=level=" + compression.level());
            }
            command.add(file.toString());
            return command;
        }
    }
}
