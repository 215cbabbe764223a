package dev.undocker.cli;

import dev.undocker.ByteCount;
import dev.undocker.Events;
import dev.undocker.UndockerException;
import dev.undocker.content.Limits;
import dev.undocker.content.TemporaryFiles;
import dev.undocker.image.CacheChoice;
import dev.undocker.image.Image;
import dev.undocker.image.OpenRequest;
import dev.undocker.image.Platform;
import dev.undocker.linux.Confinement;
import dev.undocker.merge.ImageRootfs;
import dev.undocker.merge.MergeEvent;
import dev.undocker.source.cache.CacheDirectory;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.OptionSpec;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The options of everything that reads an image: conversions and questions.
final class ReadingFlags {
    static final String VERBOSE = "--verbose";
    private static final String VERBOSE_LETTER = "-v";

    private final RegistryFlags registries = new RegistryFlags();
    private @Nullable Platform platform;
    private boolean list;
    private @Nullable ProgressMode progress;
    private boolean quiet;
    private boolean verbose;
    private @Nullable Path temporaryDirectory;
    private Limits limits = Limits.STANDARD;
    private @Nullable Integer entries;
    private int threads = Runtime.getRuntime().availableProcessors();

    void declare(CommandOptions options) {
        options.value(
                "--platform",
                "OS/ARCH[/VARIANT]",
                "which of an image's platforms; by default this machine's",
                Platform::parse,
                value -> platform = value);
        declareOthers(options);
    }

    /// The same for who can list what there is to choose from.
    void declareListing(CommandOptions options) {
        options.value(
                "--platform",
                "OS/ARCH[/VARIANT]|all",
                "which of an image's platforms, or a list of all; by default this machine's",
                text -> text.equals("all") ? Optional.empty() : Optional.of(Platform.parse(text)),
                this::platformOrAll);
        declareOthers(options);
    }

    private void platformOrAll(Optional<Platform> value) {
        platform = value.orElse(null);
        list = value.isEmpty();
    }

    /// True when the user wants to know which platforms there are.
    boolean wantsList() {
        return list;
    }

    private void declareOthers(CommandOptions options) {
        options.text(
                "--temp-dir",
                "DIR",
                "where compressed layers are unpacked to; by default TMPDIR, else /var/tmp",
                directory -> temporaryDirectory = Path.of(directory));
        options.value(
                "--max-size",
                "BYTES",
                "how much the image may be, unpacked, such as 500G or 500Gi; by default 20G or 50"
                        + " times what is stored, whichever is more",
                ByteCount::parse,
                bytes -> limits = limits.withBytes(bytes));
        options.number(
                "--max-entries",
                "N",
                "how many names its layers may have together; by default %d"
                        .formatted(Limits.STANDARD.entries()),
                number -> entries = number);
        options.number(
                "--threads",
                "N",
                "how many threads may be busy; by default as many as processors",
                number -> threads = number);
        registries.declare(options);
        options.value(
                "--progress",
                "auto|none|plain|json",
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

    /// The option that is looked up when a failure is printed.
    static void declareVerbose(CommandOptions options) {
        options.flag(
                OptionSpec.builder(VERBOSE_LETTER, VERBOSE),
                "print stack traces of failures",
                given -> {});
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

    /// @param verify false skips checks that read whole blobs
    /// @param sync true waits until what the cache gets is on the disk
    OpenRequest openRequest(boolean verify, boolean sync, Events events) {
        return new OpenRequest(platform, temporary(), verify, registries.access(sync), events);
    }

    /// Reads an image's names for a question. What only a check would read is not read.
    ///
    /// @param image stays the caller's
    /// @param observer is told what the layers did to each name; null for nobody
    ImageRootfs names(Image image, @Nullable Consumer<? super MergeEvent> observer, Events events) {
        return ImageRootfs.ofNames(image, temporary(), threads(), observer, events);
    }

    /// Reads an image's names for a question about the contents of few of them.
    ///
    /// @param image stays the caller's
    /// @param verify also reads what only a check reads
    ImageRootfs contentsOnDemand(Image image, boolean verify, Events events) {
        return ImageRootfs.onDemand(image, temporary(), verify, threads(), events);
    }

    /// Reads a whole image for a question about contents, which are verified.
    ///
    /// @param image stays the caller's
    ImageRootfs contents(Image image, Events events) {
        return ImageRootfs.merge(image, temporary(), true, threads(), events);
    }

    /// The same with what a conversion keeps of the contents.
    ImageRootfs everything(Image image, Consumer<? super MergeEvent> observer, Events events) {
        return ImageRootfs.observed(image, temporary(), false, threads(), observer, events);
    }

    /// Where what comes from registries is kept: nowhere, or in a directory that is there.
    Optional<Path> cache() {
        CacheChoice choice = registries.access(false).cache();
        return Optional.of(CacheDirectory.of(choice, System::getenv).top())
                .filter(top -> choice.use() && Files.isDirectory(top));
    }

    TemporaryFiles temporary() {
        Path directory =
                temporaryDirectory == null
                        ? TemporaryFiles.standard().directory()
                        : temporaryDirectory;
        return new TemporaryFiles(
                directory,
                entries == null ? limits : limits.withEntries(atLeastOne("--max-entries", entries)),
                Confinement::unconfined);
    }

    int threads() {
        return atLeastOne("--threads", threads);
    }

    private static int atLeastOne(String option, int number) {
        if (number < 1) {
            throw UndockerException.usage(option + ": must be at least 1");
        }
        return number;
    }
}
