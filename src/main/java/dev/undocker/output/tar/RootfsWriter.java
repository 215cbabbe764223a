package dev.undocker.output.tar;

import dev.undocker.Options;
import dev.undocker.output.FileDestination;
import dev.undocker.output.Made;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.ShellCommand;
import dev.undocker.output.directory.ProcessFileOption;

import jakarta.inject.Singleton;

import java.nio.file.Path;
import java.util.List;

/// `rootfs`: the flattened root file system as a tar.
@Singleton
public class RootfsWriter implements OutputWriter {
    @Override
    public String name() {
        return "rootfs";
    }

    @Override
    public boolean isFilesOnly() {
        return true;
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
    public List<String> examples() {
        return List.of(
                "undocker rootfs docker://nginx nginx.tar.zst",
                "undocker rootfs --exclude usr/share/doc image.tar nginx.tar.xz",
                "undocker rootfs docker://nginx - | tar -t");
    }

    @Override
    public Settings newSettings() {
        return new RootfsSettings();
    }

    /// How the tar is written.
    static final class RootfsSettings implements Settings {
        private final CompressionOptions compression = new CompressionOptions();
        private final ProcessFileOption process = new ProcessFileOption();
        private boolean dotPrefix;

        @Override
        public void declare(Options options) {
            compression.declare(options);
            process.declare(options);
            options.flag(
                    "--dot-prefix",
                    "write names as ./name, which LXC's exclude patterns need",
                    given -> dotPrefix = given);
        }

        @Override
        public void validate(String destination) {
            compression.of(destination).checkLevel(compression.level());
            FileDestination.validate(destination);
            process.validate(destination);
        }

        @Override
        public boolean startsPrograms() {
            return false;
        }

        @Override
        public RootfsSink open(OutputRequest request) {
            return process.accompany(
                    TarSink.open(request, compression.encoding(request), dotPrefix), request);
        }

        @Override
        public List<String> furtherDestinations() {
            return process.destinations();
        }

        /// Unpacks it with all that GNU tar would leave out.
        @Override
        public Made made(String destination, String imageName) {
            Path tar = Path.of(destination);
            Path tree =
                    Path.of(
                            destination.replaceFirst(
                                    "(?i)(?<=[^/])(\\.tar(\\.[a-z0-9]+)?|\\.t[a-z]+)$", ""));
            if (tree.equals(tar)) {
                tree = Path.of(destination + ".d");
            }
            return Made.file(
                    tar,
                    ShellCommand.of("mkdir", tree)
                            + " && "
                            + ShellCommand.asRoot(
                                    "tar",
                                    "-C",
                                    tree,
                                    "--numeric-owner",
                                    "--xattrs-include=*",
                                    "-xf",
                                    tar));
        }
    }
}
