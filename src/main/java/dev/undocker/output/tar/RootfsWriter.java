package dev.undocker.output.tar;

import dev.undocker.UndockerException;
import dev.undocker.codec.Compression;
import dev.undocker.output.FileDestination;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.RootfsSink;

import jakarta.inject.Singleton;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

/// `rootfs`: the flattened root file system as a tar.
@Singleton
public class RootfsWriter implements OutputWriter {
    @Override
    public String name() {
        return "rootfs";
    }

    @Override
    public String summary() {
        return "Write the flattened root file system as a tar";
    }

    @Override
    public String destinationLabel() {
        return "OUT";
    }

    @Override
    public Settings newSettings() {
        return new RootfsSettings();
    }

    /// How the tar is written.
    static final class RootfsSettings implements Settings {
        @Option(
                names = "--compress",
                paramLabel = "KIND",
                description =
                        "none, gzip, xz or zstd; by default OUT's suffix decides:"
                                + " .tar.gz, .tgz, .tar.xz, .txz, .tar.zst")
        @Nullable String compress;

        @Option(
                names = "--level",
                paramLabel = "N",
                description = "compression level; by default 6 for gzip and xz, 3 for zstd")
        @Nullable Integer level;

        @Option(
                names = "--dot-prefix",
                description = "write names as ./name, which LXC's exclude patterns need")
        boolean dotPrefix;

        @Override
        public void validate(String destination) {
            compression(destination).checkLevel(level);
            FileDestination.validate(destination);
        }

        @Override
        public RootfsSink open(OutputRequest request) {
            Compression compression = compression(request.destination());
            FileDestination destination = FileDestination.open(request.destination());
            return new TarSink(destination, compression, level, request.threads(), dotPrefix);
        }

        private Compression compression(String destination) {
            if (compress != null) {
                return Compression.parse(compress);
            }
            Compression bySuffix = Compression.ofSuffix(destination);
            if (bySuffix == null && level != null) {
                throw UndockerException.usage("--level: there is no compression")
                        .withHint("add --compress");
            }
            return bySuffix == null ? Compression.NONE : bySuffix;
        }
    }
}
