package dev.undocker.output.cpio;

import dev.undocker.Options;
import dev.undocker.codec.Compression;
import dev.undocker.codec.Encoding;
import dev.undocker.codec.XzCheck;
import dev.undocker.output.FileDestination;
import dev.undocker.output.Made;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.ShellCommand;
import dev.undocker.output.process.InitShim;
import dev.undocker.output.tar.TarOutput;
import dev.undocker.rootfs.RootfsEntry;

import jakarta.inject.Singleton;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// `cpio`: an initial RAM file system, which a kernel unpacks into its memory.
@Singleton
public class CpioWriter implements OutputWriter {
    @Override
    public String name() {
        return "cpio";
    }

    @Override
    public boolean isFilesOnly() {
        return true;
    }

    @Override
    public String summary() {
        return "Write the root file system as an initramfs";
    }

    @Override
    public String destinationLabel() {
        return "OUT";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "undocker cpio docker://nginx nginx.cpio.zst",
                "undocker cpio image.tar - | cpio --list");
    }

    @Override
    public Settings newSettings() {
        return new CpioSettings();
    }

    /// How it is compressed.
    static final class CpioSettings implements Settings {
        private final InitShim shim = new InitShim(InitShim.IN_MEMORY);
        private @Nullable String compress;
        private @Nullable Integer level;

        @Override
        public void declare(Options options) {
            shim.declare(options);
            options.text(
                    "--compress",
                    "none|gzip|xz|zstd",
                    "by default OUT's suffix decides: .gz, .xz, .zst",
                    kind -> compress = kind);
            options.number(
                    "--level",
                    "N",
                    "compression level; by default 6 for gzip and xz, 3 for zstd",
                    number -> level = number);
        }

        @Override
        public void validate(String destination) {
            shim.validate();
            compression(destination).checkLevel(level);
            FileDestination.validate(destination);
        }

        private Compression compression(String destination) {
            if (compress != null) {
                return Compression.parse(compress);
            }
            String name = destination.toLowerCase(Locale.ROOT);
            return name.endsWith(".gz")
                    ? Compression.GZIP
                    : name.endsWith(".xz")
                            ? Compression.XZ
                            : name.endsWith(".zst") ? Compression.ZSTD : Compression.NONE;
        }

        @Override
        public boolean startsPrograms() {
            return false;
        }

        @Override
        public RootfsSink open(OutputRequest request) {
            return shim.into(request, this::begin);
        }

        private RootfsSink begin(OutputRequest request) {
            Encoding usual = TarOutput.encoding(compression(request.destination()), level, request);
            return CpioSink.open(request, usual.with(XzCheck.CRC32));
        }

        @Override
        public void foresee(Iterable<RootfsEntry> entries, OutputRequest request) {
            CpioSink.LIMITS.foresee(entries, request.events());
        }

        @Override
        public Made made(String destination, String imageName) {
            Path file = Path.of(destination);
            return Made.file(
                    file,
                    compression(destination) == Compression.NONE
                            ? ShellCommand.of("cpio", "--list", "-F", file)
                            : ShellCommand.of("lsinitramfs", file));
        }
    }
}
