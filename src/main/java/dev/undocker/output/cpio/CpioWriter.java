package dev.undocker.output.cpio;

import dev.undocker.Options;
import dev.undocker.codec.Compression;
import dev.undocker.codec.XzCheck;
import dev.undocker.output.FileDestination;
import dev.undocker.output.Made;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.ShellCommand;
import dev.undocker.output.process.InitShim;
import dev.undocker.output.tar.CompressionOptions;
import dev.undocker.output.tar.PackedNames;
import dev.undocker.rootfs.RootfsEntry;

import jakarta.inject.Singleton;

import java.nio.file.Path;
import java.util.List;

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
        private final CompressionOptions compression = new CompressionOptions(PackedNames.CPIO);

        @Override
        public void declare(Options options) {
            shim.declare(options);
            compression.declare(options);
        }

        @Override
        public void validate(String destination) {
            shim.validate();
            compression.of(destination).checkLevel(compression.level());
            FileDestination.validate(destination);
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
            return CpioSink.open(request, compression.encoding(request).with(XzCheck.CRC32));
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
                    compression.of(destination) == Compression.NONE
                            ? ShellCommand.of("cpio", "--list", "-F", file)
                            : ShellCommand.of("lsinitramfs", file));
        }
    }
}
