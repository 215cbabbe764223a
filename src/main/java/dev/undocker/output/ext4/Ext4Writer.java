package dev.undocker.output.ext4;

import dev.undocker.ByteCount;
import dev.undocker.Options;
import dev.undocker.UndockerException;
import dev.undocker.output.Made;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.ShellCommand;
import dev.undocker.output.process.InitShim;
import dev.undocker.output.program.Program;
import dev.undocker.output.program.ProgramSink;
import dev.undocker.rootfs.RootfsEntry;

import jakarta.inject.Singleton;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/// `ext4`: a disk's file system.
@Singleton
public class Ext4Writer implements OutputWriter {
    @Override
    public String name() {
        return "ext4";
    }

    @Override
    public boolean isFilesOnly() {
        return true;
    }

    @Override
    public String summary() {
        return "Write the root file system as an ext4";
    }

    @Override
    public String destinationLabel() {
        return "OUT";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "undocker ext4 docker://nginx nginx.ext4",
                "undocker ext4 --size 2Gi image.tar nginx.ext4");
    }

    @Override
    public Settings newSettings() {
        return new Ext4Settings();
    }

    /// How large it is.
    static final class Ext4Settings implements Settings {
        private final InitShim shim = new InitShim(InitShim.ON_DISK);

        /// What a file may have on most file systems of this machine, and one of 32-bit block
        /// numbers has.
        private static final long LARGEST = 16_000_000_000_000L;

        private @Nullable String size;

        @Override
        public void declare(Options options) {
            shim.declare(options);
            options.text(
                    "--size",
                    "BYTES",
                    "size of the file system, such as 2G or 2Gi; by default just large enough",
                    text -> size = text);
        }

        @Override
        public void validate(String destination) {
            shim.validate();
            kibibytes();
            ProgramSink.validate(destination, "an ext4", Set.of("ext4", "img"));
            Ext4Sink.PROGRAMS.forEach(Program::require);
        }

        private OptionalLong kibibytes() {
            if (size == null) {
                return OptionalLong.empty();
            }
            long bytes;
            try {
                bytes = ByteCount.parse(size);
            } catch (UndockerException e) {
                throw UndockerException.usage("--size " + e.sentence());
            }
            if (bytes > LARGEST) {
                throw UndockerException.usage(
                        "--size %s: an ext4 is made up to 16T".formatted(size));
            }
            return OptionalLong.of(bytes / Ext4Size.BLOCK * (Ext4Size.BLOCK / 1024));
        }

        @Override
        public RootfsSink open(OutputRequest request) {
            return shim.into(request, this::begin);
        }

        private RootfsSink begin(OutputRequest request) {
            return Ext4Sink.open(kibibytes(), request);
        }

        @Override
        public void foresee(Iterable<RootfsEntry> entries, OutputRequest request) {
            Ext4Sink.LIMITS.foresee(entries, request.events());
        }

        @Override
        public Made made(String destination, String imageName) {
            Path file = Path.of(destination);
            return Made.file(file, ShellCommand.asRoot("mount", "-o", "loop", file, "/mnt"));
        }
    }
}
