package dev.undocker.output.ext4;

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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
                "undocker ext4 --size 2G image.tar nginx.ext4");
    }

    @Override
    public Settings newSettings() {
        return new Ext4Settings();
    }

    /// How large it is.
    static final class Ext4Settings implements Settings {
        private final InitShim shim = new InitShim(InitShim.ON_DISK);
        private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})([KMGT])");

        private @Nullable String size;

        @Override
        public void declare(Options options) {
            shim.declare(options);
            options.text(
                    "--size",
                    "N[KMGT]",
                    "size of the file system, such as 2G; by default just large enough",
                    text -> size = text);
        }

        @Override
        public void validate(String destination) {
            shim.validate();
            kibibytes();
            ProgramSink.validate(destination, "an ext4");
            Ext4Sink.PROGRAMS.forEach(Program::require);
        }

        private OptionalLong kibibytes() {
            if (size == null) {
                return OptionalLong.empty();
            }
            Matcher parts = SIZE.matcher(size);
            if (!parts.matches()) {
                throw UndockerException.usage(
                                "--size %s: not a number with K, M, G or T".formatted(size))
                        .withHint("a size is written as 512M or 2G");
            }
            int steps = "KMGT".indexOf(parts.group(2));
            return OptionalLong.of(Long.parseLong(parts.group(1)) << (10 * steps));
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
