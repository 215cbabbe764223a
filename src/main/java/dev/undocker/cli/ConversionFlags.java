package dev.undocker.cli;

import dev.undocker.Events;
import dev.undocker.Spelling;
import dev.undocker.UndockerException;
import dev.undocker.convert.ConversionOptions;
import dev.undocker.convert.PathFilter;
import dev.undocker.image.OpenRequest;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The options that every conversion has.
final class ConversionFlags {
    private final ReadingFlags reading = new ReadingFlags();
    private boolean noVerify;
    private boolean noSync;
    private boolean noSandbox;
    private List<byte[]> includes = List.of();
    private List<byte[]> excludes = List.of();

    void declare(CommandOptions options) {
        reading.declare(options);
        options.flag(
                "--no-verify",
                "skip checks of layer digests that cost time",
                given -> noVerify = given);
        options.flag(
                "--no-sync",
                "do not wait until output and cache are on the disk, safe from a power cut",
                given -> noSync = given);
        options.flag(
                "--no-sandbox",
                "keep all privileges while the output is made, for where giving them up does harm",
                given -> noSandbox = given);
        options.imagePaths(
                "--include",
                "PATTERN",
                "write only paths that match, and what is below them (repeatable)",
                patterns -> includes = patterns);
        options.imagePaths(
                "--exclude",
                "PATTERN",
                "leave out paths that match, and what is below them (repeatable)",
                patterns -> excludes = patterns);
    }

    /// Tells the console how much to say.
    void applyTo(Console console) {
        reading.applyTo(console);
    }

    /// Whether the run shall give up what it does not need.
    boolean wantsSandbox() {
        return !noSandbox;
    }

    /// Where what comes from registries is kept: nowhere, or in a directory that is there.
    Optional<Path> cache() {
        return reading.cache();
    }

    boolean isVerbose() {
        return reading.isVerbose();
    }

    OpenRequest openRequest(Events events) {
        return reading.openRequest(!noVerify, !noSync, events);
    }

    ConversionOptions conversionOptions() {
        requireKnown("UNDOCKER_SYSCALLS", "java");
        requireKnown("UNDOCKER_LIBRARIES", "java", "system");
        return new ConversionOptions(
                reading.temporary(),
                !noVerify,
                !noSync,
                reading.threads(),
                new PathFilter(includes, excludes),
                sourceDateEpoch(System.getenv("SOURCE_DATE_EPOCH")));
    }

    private static void requireKnown(String variable, String... words) {
        String value = System.getenv(variable);
        if (value != null && !value.isEmpty() && !List.of(words).contains(value)) {
            throw Spelling.refusal(variable + ": " + value, value, List.of(words));
        }
    }

    /// <https://reproducible-builds.org/specs/source-date-epoch/>: ASCII digits, nothing else.
    static OptionalLong sourceDateEpoch(@Nullable String value) {
        if (value == null || value.isEmpty()) {
            return OptionalLong.empty();
        }
        if (value.length() > 18 || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw UndockerException.usage(
                    "SOURCE_DATE_EPOCH: %s: not a number of seconds".formatted(value));
        }
        return OptionalLong.of(Long.parseLong(value));
    }
}
