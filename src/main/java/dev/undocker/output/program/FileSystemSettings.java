package dev.undocker.output.program;

import dev.undocker.Options;
import dev.undocker.output.Made;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.ShellCommand;
import dev.undocker.output.process.InitShim;
import dev.undocker.rootfs.RootfsEntry;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The settings of a compressed file system that is only read.
public final class FileSystemSettings implements OutputWriter.Settings {
    /// What makes one.
    public interface Maker {
        /// Looks whether this machine has what is needed.
        ///
        /// @param compression valid for the file system
        /// @throws dev.undocker.UndockerException when not
        void require(FileSystemCompression compression);

        /// What the file system has no place for.
        FormatLimits limits();

        /// Opens the output.
        RootfsSink open(OutputRequest request, FileSystemCompression compression);
    }

    private final InitShim shim = new InitShim(InitShim.ON_DISK);
    private final String article;
    private final Set<String> suffixes;
    private final FileSystemCompression compression;
    private final Maker maker;
    private final List<String> mountOptions;

    /// @param article what the file holds, such as `a squashfs`, for messages
    /// @param suffixes what its name may end in beside what nobody takes for another format
    /// @param mountOptions of mount(8), to look at it
    public FileSystemSettings(
            String article,
            Set<String> suffixes,
            FileSystemCompression compression,
            Maker maker,
            List<String> mountOptions) {
        this.article = article;
        this.suffixes = Set.copyOf(suffixes);
        this.compression = compression;
        this.maker = maker;
        this.mountOptions = List.copyOf(mountOptions);
    }

    @Override
    public void declare(Options options) {
        shim.declare(options);
        compression.declare(options);
    }

    @Override
    public void validate(String destination) {
        shim.validate();
        compression.validate();
        ProgramSink.validate(destination, article, suffixes);
        maker.require(compression);
    }

    @Override
    public RootfsSink open(OutputRequest request) {
        return shim.into(request, plain -> maker.open(plain, compression));
    }

    @Override
    public void foresee(Iterable<RootfsEntry> entries, OutputRequest request) {
        maker.limits().foresee(entries, request.events());
    }

    @Override
    public Made made(String destination, String imageName) {
        Path file = Path.of(destination);
        List<Object> command = new ArrayList<>(List.of("mount"));
        command.addAll(mountOptions);
        command.addAll(List.of(file, "/mnt"));
        return Made.file(file, ShellCommand.asRoot(command.toArray()));
    }
}
