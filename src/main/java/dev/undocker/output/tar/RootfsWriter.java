package dev.undocker.output.tar;

import dev.undocker.output.FileDestination;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.RootfsSink;

import jakarta.inject.Singleton;

import picocli.CommandLine.Mixin;
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
        @Mixin final CompressionOptions compression = new CompressionOptions();

        @Option(
                names = "--dot-prefix",
                description = "write names as ./name, which LXC's exclude patterns need")
        boolean dotPrefix;

        @Override
        public void validate(String destination) {
            compression.of(destination).checkLevel(compression.level());
            FileDestination.validate(destination);
        }

        @Override
        public RootfsSink open(OutputRequest request) {
            return new TarSink(
                    FileDestination.open(request.destination(), request.warnings()),
                    compression.encoding(request),
                    dotPrefix);
        }
    }
}
