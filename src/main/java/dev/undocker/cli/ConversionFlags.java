package dev.undocker.cli;

import dev.undocker.Events;
import dev.undocker.UndockerException;
import dev.undocker.content.TemporaryFiles;
import dev.undocker.convert.ConversionOptions;
import dev.undocker.convert.PathFilter;
import dev.undocker.image.OpenRequest;
import dev.undocker.image.Platform;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.OptionSpec;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/// The options that every conversion has.
final class ConversionFlags {
    static final String VERBOSE = "--verbose";
    private static final String VERBOSE_LETTER = "-v";

    private final RegistryFlags registries = new RegistryFlags();
    private @Nullable Platform platform;
    private @Nullable ProgressMode progress;
    private boolean quiet;
    private boolean verbose;
    private boolean noVerify;
    private boolean noSync;
    private @Nullable Path temporaryDirectory;
    private int threads = Runtime.getRuntime().availableProcessors();
    private List<String> includes = List.of();
    private List<String> excludes = List.of();

    void declare(CommandOptions options) {
        options.value(
                "--platform",
                "OS/ARCH[/VARIANT]",
                "which of an image's platforms; by default this machine's",
                Platform::parse,
                value -> platform = value);
        options.flag(
                "--no-verify",
                "skip checks of layer digests that cost time",
                given -> noVerify = given);
        options.flag(
                "--no-sync",
                "do not wait until the output is on the disk, safe from a power cut",
                given -> noSync = given);
        options.text(
                "--temp-dir",
                "DIR",
                "where compressed layers are unpacked to; by default TMPDIR, else /var/tmp",
                directory -> temporaryDirectory = Path.of(directory));
        options.number(
                "--threads",
                "N",
                "how many threads may be busy; by default as many as processors",
                number -> threads = number);
        options.texts(
                "--include",
                "PATTERN",
                "write only paths that match, and what is below them (repeatable)",
                patterns -> includes = patterns);
        options.texts(
                "--exclude",
                "PATTERN",
                "leave out paths that match, and what is below them (repeatable)",
                patterns -> excludes = patterns);
        registries.declare(options);
        options.value(
                "--progress",
                "MODE",
                "auto: a bar if standard error is a terminal; none; plain: lines; json: an object"
                        + " a line",
                ProgressMode::parse,
                mode -> progress = mode);
        options.flag(
                OptionSpec.builder("-q", "--quiet"),
                "say nothing but failures: no warnings, no progress",
                given -> quiet = given);
        // looked up too when a failure is printed
        options.flag(
                OptionSpec.builder(VERBOSE_LETTER, VERBOSE),
                "say what is read and what was made, and print stack traces of failures",
                given -> verbose = given);
    }

    static boolean asksForTraces(List<String> args) {
        return args.contains(VERBOSE) || args.contains(VERBOSE_LETTER);
    }

    /// Tells the console how much to say.
    void applyTo(Console console) {
        if (quiet) {
            console.keepToFailures();
        }
        if (verbose) {
            console.tellMore();
        }
        ProgressMode usual = quiet ? ProgressMode.NONE : ProgressMode.AUTO;
        console.show(progress == null ? usual : progress);
    }

    boolean isVerbose() {
        return verbose && !quiet;
    }

    OpenRequest openRequest(Events events) {
        return new OpenRequest(platform, temporary(), !noVerify, registries.access(), events);
    }

    ConversionOptions conversionOptions() {
        if (threads < 1) {
            throw UndockerException.usage("--threads: must be at least 1");
        }
        return new ConversionOptions(
                temporary(),
                !noVerify,
                !noSync,
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
}
