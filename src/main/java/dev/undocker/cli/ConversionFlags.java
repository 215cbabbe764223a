package dev.undocker.cli;

import dev.undocker.UndockerException;
import dev.undocker.Warnings;
import dev.undocker.content.TemporaryFiles;
import dev.undocker.convert.ConversionOptions;
import dev.undocker.convert.PathFilter;
import dev.undocker.image.ImageReference;
import dev.undocker.image.OpenRequest;
import dev.undocker.image.Platform;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/// The options that every conversion has.
final class ConversionFlags {
    @Option(
            names = "--platform",
            paramLabel = "OS/ARCH[/VARIANT]",
            converter = PlatformConverter.class,
            description = "which of an image's platforms; by default this machine's")
    @Nullable Platform platform;

    @Option(names = "--no-verify", description = "skip checks of layer digests that cost time")
    boolean noVerify;

    @Option(
            names = "--temp-dir",
            paramLabel = "DIR",
            description =
                    "where compressed layers are unpacked to; by default TMPDIR, else /var/tmp")
    @Nullable Path temporaryDirectory;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "how many threads may be busy; by default as many as processors")
    int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--include",
            paramLabel = "PATTERN",
            description = "write only paths that match, and what is below them (repeatable)")
    List<String> includes = List.of();

    @Option(
            names = "--exclude",
            paramLabel = "PATTERN",
            description = "leave out paths that match, and what is below them (repeatable)")
    List<String> excludes = List.of();

    @Option(names = "--verbose", description = "print stack traces of failures")
    boolean verbose;

    OpenRequest openRequest(ImageReference reference, Warnings warnings) {
        return new OpenRequest(reference, platform, temporary(), !noVerify, warnings);
    }

    ConversionOptions conversionOptions() {
        if (threads < 1) {
            throw UndockerException.usage("--threads: must be at least 1");
        }
        return new ConversionOptions(
                temporary(),
                !noVerify,
                threads,
                new PathFilter(includes, excludes),
                sourceDateEpoch(System.getenv("SOURCE_DATE_EPOCH")));
    }

    private TemporaryFiles temporary() {
        return temporaryDirectory == null
                ? TemporaryFiles.standard()
                : new TemporaryFiles(temporaryDirectory);
    }

    /// <https://reproducible-builds.org/specs/source-date-epoch/>: ASCII digits, nothing else.
    static OptionalLong sourceDateEpoch(@Nullable String value) {
        if (value == null || value.isEmpty()) {
            return OptionalLong.empty();
        }
        if (value.length() > 18 || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw UndockerException.usage(
                    "SOURCE_DATE_EPOCH: %s is no number of seconds".formatted(value));
        }
        return OptionalLong.of(Long.parseLong(value));
    }

    static final class PlatformConverter implements ITypeConverter<Platform> {
        @Override
        public Platform convert(String value) {
            try {
                return Platform.parse(value);
            } catch (UndockerException e) {
                throw new TypeConversionException(e.sentence());
            }
        }
    }
}
