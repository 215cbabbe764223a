package dev.undocker.output.erofs;

import dev.undocker.output.OutputRequest;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.program.FileSystemCompression;
import dev.undocker.output.program.FileSystemCompression.Kind;
import dev.undocker.output.program.FileSystemSettings;
import dev.undocker.output.program.FormatLimits;

import jakarta.inject.Singleton;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;

/// `erofs`: a file system that is only read, made by mkfs.erofs(1).
@Singleton
public class ErofsWriter implements OutputWriter {
    static final String NONE = "none";

    /// Those of `lib/compressor_*.c` in erofs-utils; mkfs.erofs may be built without some.
    private static final List<Kind> KINDS =
            List.of(
                    new Kind(NONE),
                    new Kind("lz4"),
                    new Kind("lz4hc", 0, 12),
                    new Kind("lzma", 0, 9),
                    new Kind("deflate", 1, 9),
                    new Kind("zstd", 0, 22));

    @Override
    public String name() {
        return "erofs";
    }

    @Override
    public boolean isFilesOnly() {
        return true;
    }

    @Override
    public String summary() {
        return "Write the root file system as an EROFS";
    }

    @Override
    public String destinationLabel() {
        return "OUT";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "undocker erofs docker://nginx nginx.erofs",
                "undocker erofs --compress lz4hc --level 9 image.tar nginx.erofs");
    }

    @Override
    public Settings newSettings() {
        return new FileSystemSettings(
                "an EROFS",
                Set.of("erofs", "img"),
                new FileSystemCompression(
                        KINDS, NONE, "9 for lz4hc, 6 for lzma, 1 for deflate, 3 for zstd"),
                new Maker(),
                List.of("-t", "erofs", "-o", "loop"));
    }

    /// From a tar, or from a tree where mkfs.erofs reads none.
    private static final class Maker implements FileSystemSettings.Maker {
        private @Nullable MkfsErofs found;

        /// It is started once to be asked what it is.
        private MkfsErofs program() {
            if (found == null) {
                found = MkfsErofs.installed();
            }
            return found;
        }

        @Override
        public void require(FileSystemCompression compression) {
            program().require(compression);
        }

        @Override
        public FormatLimits limits() {
            return program().limits();
        }

        @Override
        public RootfsSink open(OutputRequest request, FileSystemCompression compression) {
            MkfsErofs program = program();
            return program.readsTar()
                    ? program.ofTar(request, compression)
                    : ErofsTreeSink.open(program, request, compression);
        }
    }
}
