package dev.undocker.output.erofs;

import dev.undocker.Options;
import dev.undocker.Spelling;
import dev.undocker.UndockerException;
import dev.undocker.output.Made;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.ShellCommand;
import dev.undocker.output.process.InitShim;
import dev.undocker.output.program.FormatLimits;
import dev.undocker.output.program.ImageIdentity;
import dev.undocker.output.program.ProgramSink;

import jakarta.inject.Singleton;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `erofs`: a file system that is only read, made by mkfs.erofs(1).
@Singleton
public class ErofsWriter implements OutputWriter {
    /// The format has nanoseconds, but of a tar's mkfs.erofs reads the digits of a fraction as
    /// their number: 1.5 s are 1 s and 5 ns. The namespaces are those of `fs/erofs/xattr.h`.
    private static final FormatLimits LIMITS =
            new FormatLimits(
                    "mkfs.erofs",
                    Set.of(
                            "user.",
                            "trusted.",
                            "security.",
                            "system.posix_acl_access",
                            "system.posix_acl_default"),
                    Long.MIN_VALUE,
                    Long.MAX_VALUE,
                    false);

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
        return new ErofsSettings();
    }

    /// How it is compressed.
    static final class ErofsSettings implements Settings {
        private final InitShim shim = new InitShim(InitShim.ON_DISK);
        private static final List<String> COMPRESSIONS =
                List.of("none", "lz4", "lz4hc", "lzma", "deflate", "zstd");

        private String compress = "none";
        private @Nullable Integer level;

        @Override
        public void declare(Options options) {
            shim.declare(options);
            options.text(
                    "--compress",
                    "none|lz4|lz4hc|lzma|deflate|zstd",
                    "how it is compressed, if mkfs.erofs can; none by default",
                    word -> compress = word);
            options.number(
                    "--level", "N", "compression level, as mkfs.erofs takes it", n -> level = n);
        }

        @Override
        public void validate(String destination) {
            shim.validate();
            if (!COMPRESSIONS.contains(compress)) {
                throw Spelling.refusal("--compress " + compress, compress, COMPRESSIONS);
            }
            if (level != null && compress.equals("none")) {
                throw UndockerException.usage(
                        "--level %d: nothing is to be compressed".formatted(level));
            }
            ProgramSink.validate(destination, "an EROFS");
            MkfsErofs.require();
        }

        @Override
        public RootfsSink open(OutputRequest request) {
            return shim.into(request, this::begin);
        }

        private RootfsSink begin(OutputRequest request) {
            ImageIdentity identity = ImageIdentity.of(request.image().config());
            return ProgramSink.open(
                    MkfsErofs.PROGRAM.name(),
                    file -> command(file, identity),
                    // SOURCE_DATE_EPOCH would be the latest time of any file
                    Map.of(),
                    LIMITS,
                    request);
        }

        private List<String> command(Path file, ImageIdentity identity) {
            List<String> command =
                    new ArrayList<>(
                            List.of(
                                    MkfsErofs.PROGRAM.require().toString(),
                                    "--quiet",
                                    "--tar=f",
                                    "-U" + identity.uuid(),
                                    "-T" + identity.seconds(),
                                    "--mkfs-time"));
            if (!compress.equals("none")) {
                command.add("-z" + compress + (level == null ? "" : ",level=" + level));
            }
            command.add(file.toString());
            return command;
        }

        @Override
        public Made made(String destination, String imageName) {
            Path file = Path.of(destination);
            return Made.file(
                    file, ShellCommand.asRoot("mount", "-t", "erofs", "-o", "loop", file, "/mnt"));
        }
    }
}
