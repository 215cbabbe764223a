package dev.undocker.output.erofs;

import static java.util.Objects.requireNonNullElse;

import dev.undocker.ProgramStart;
import dev.undocker.UndockerException;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.program.FileSystemCompression;
import dev.undocker.output.program.FormatLimits;
import dev.undocker.output.program.ImageIdentity;
import dev.undocker.output.program.Program;
import dev.undocker.output.program.ProgramSink;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// The mkfs.erofs(1) of this machine.
///
/// @param file where it is
/// @param readsTar true from version 1.8 on; before, it makes its file of a tree
/// @param tellsFailures true from version 1.9.1 on; before, it may wait for ever or end well when
///   the disk is full (erofs-utils' commits 93badc0 and aa169fb)
/// @param compressors what it was built with
record MkfsErofs(Path file, boolean readsTar, boolean tellsFailures, Set<String> compressors) {
    static final Program PROGRAM = new Program("mkfs.erofs", "erofs-utils");

    /// The namespaces are those of `fs/erofs/xattr.h`.
    static final Set<String> NAMESPACES =
            Set.of(
                    "user.",
                    "trusted.",
                    "security.",
                    "system.posix_acl_access",
                    "system.posix_acl_default");

    /// The format has nanoseconds, but of a tar mkfs.erofs reads the digits of a fraction as their
    /// number: 1.5 s are 1 s and 5 ns.
    private static final FormatLimits OF_TAR =
            new FormatLimits("mkfs.erofs", NAMESPACES, Long.MIN_VALUE, Long.MAX_VALUE, false);

    private static final Pattern VERSION =
            Pattern.compile("^mkfs\\.erofs.* (\\d+)\\.(\\d+)(?:\\.(\\d+))?", Pattern.MULTILINE);
    private static final Pattern COMPRESSORS =
            Pattern.compile("^[Aa]vailable compressors(?: are)?: (.*)$", Pattern.MULTILINE);

    private static final int[] READS_TAR = {1, 8, 0};
    private static final int[] TELLS_FAILURES = {1, 9, 1};

    /// Files that are not packed together lie in blocks of this size.
    private static final int BLOCK = 4096;

    MkfsErofs {
        compressors = Set.copyOf(compressors);
    }

    /// @throws UndockerException when there is none
    static MkfsErofs installed() {
        return of(PROGRAM.require());
    }

    /// @throws UndockerException when it does not start, or does not say what it is
    static MkfsErofs of(Path file) {
        String said = version(file);
        Matcher version = VERSION.matcher(said);
        if (!version.find()) {
            throw new UndockerException("mkfs.erofs: does not say its version");
        }
        int[] numbers =
                IntStream.rangeClosed(1, version.groupCount())
                        .map(group ->
                                Integer.parseInt(requireNonNullElse(version.group(group), "0")))
                        .toArray();
        Matcher compressors = COMPRESSORS.matcher(said);
        return new MkfsErofs(
                file,
                Arrays.compare(numbers, READS_TAR) >= 0,
                Arrays.compare(numbers, TELLS_FAILURES) >= 0,
                compressors.find() ? Set.of(compressors.group(1).trim().split(", ")) : Set.of());
    }

    /// Version 1.5 knows no such option, and says all the same in what it says of its use.
    private static String version(Path file) {
        try {
            Process process =
                    ProgramStart.of(
                            PROGRAM.name(),
                            new ProcessBuilder(file.toString(), "--version")
                                    .redirectErrorStream(true));
            process.getOutputStream().close();
            try (InputStream said = process.getInputStream()) {
                return new String(said.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw UndockerException.because("mkfs.erofs: cannot be started", e);
        }
    }

    /// @throws UndockerException when something is missing
    void require(FileSystemCompression compression) {
        String word = compression.word();
        if (!word.equals(ErofsWriter.NONE) && !compressors.contains(word)) {
            throw new UndockerException(
                            "--compress %s: not supported by this mkfs.erofs".formatted(word))
                    .withHint(
                            "it has " + String.join(", ", compressors.stream().sorted().toList()));
        }
        if (!readsTar) {
            ErofsTreeSink.PROGRAMS.forEach(Program::require);
        }
    }

    /// What of an image it has no place for.
    FormatLimits limits() {
        return readsTar ? OF_TAR : ErofsTreeSink.LIMITS;
    }

    /// Its options for a compression.
    List<String> options(FileSystemCompression compression) {
        if (compression.word().equals(ErofsWriter.NONE)) {
            return List.of();
        }
        String level =
                compression.level() == null
                        ? ""
                        : (readsTar ? ",level=" : ",") + compression.level();
        return List.of("-z" + compression.word() + level);
    }

    /// An output that it makes of a tar.
    RootfsSink ofTar(OutputRequest request, FileSystemCompression compression) {
        ImageIdentity identity = ImageIdentity.of(request.image().config());
        List<String> command =
                new ArrayList<>(
                        List.of(
                                file.toString(),
                                "--quiet",
                                "--tar=f",
                                "-U" + identity.uuid(),
                                "-T" + identity.seconds(),
                                "--mkfs-time"));
        command.addAll(options(compression));
        return ProgramSink.open(
                PROGRAM.name(),
                destination -> {
                    command.add(destination.toString());
                    return command;
                },
                // SOURCE_DATE_EPOCH would be the latest time of any file
                Map.of(),
                OF_TAR,
                tellsFailures ? 0 : room(request.sizes()),
                request);
    }

    /// What it writes at most: all content twice, as it was read and in its place.
    private static long room(OutputRequest.Totals sizes) {
        return 2 * (sizes.contentBytes() + BLOCK * sizes.entries());
    }
}
