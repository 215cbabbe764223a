package dev.undocker.cli;

import dev.undocker.ByteCount;
import dev.undocker.UndockerException;
import dev.undocker.source.cache.BlobCache;
import dev.undocker.source.cache.CacheDirectory;

import jakarta.inject.Singleton;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

import java.io.IOException;
import java.nio.file.Files;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;

/// `undocker cache ls|prune|verify`: what is kept of registries.
@Singleton
class CacheCommand implements Command {
    @Override
    public String name() {
        return "cache";
    }

    @Override
    public String summary() {
        return "List, remove or check what is kept of registries";
    }

    @Override
    public CommandSpec spec(Console console) {
        Missing missing = new Missing();
        missing.spec.usageMessage().synopsisSubcommandLabel("COMMAND");
        new CommandOptions(missing.spec)
                .examples(List.of("undocker cache ls", "undocker cache prune --keep 1G"));
        add(missing.spec, "ls", "List the blobs, what was used last first", new Listing(console));
        Pruning pruning = new Pruning(console);
        new CommandOptions(add(missing.spec, "prune", "Remove what is kept", pruning))
                .value(
                        "--keep",
                        "BYTES",
                        "leave so much of what was used last, such as 1G",
                        ByteCount::parse,
                        bytes -> pruning.most = bytes);
        add(
                missing.spec,
                "verify",
                "Read everything, and remove what is damaged",
                new Check(console));
        return missing.spec;
    }

    private static CommandSpec add(CommandSpec to, String name, String summary, Work work) {
        CommandSpec spec = CommandSpec.wrapWithoutInspection(work);
        spec.usageMessage().description(summary + ".");
        CommandOptions options = new CommandOptions(spec);
        work.flags.declarePlace(options);
        ReadingFlags.declareVerbose(options);
        to.addSubcommand(name, spec);
        return spec;
    }

    /// `undocker cache` alone.
    private static final class Missing implements Runnable {
        private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

        @Override
        public void run() {
            throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
        }
    }

    /// What is done with a cache.
    private abstract static class Work implements Callable<Integer> {
        final Console console;
        final CacheFlags flags = new CacheFlags();

        Work(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() {
            try (BlobCache cache = BlobCache.open(flags.choice(true), System::getenv, console)) {
                return work(cache);
            } catch (IOException e) {
                throw UndockerException.because("the cache: cannot be read", e);
            }
        }

        abstract int work(BlobCache cache) throws IOException;

        static String sum(List<CacheDirectory.Entry> entries) {
            return "%d blobs, %s".formatted(entries.size(), bytes(entries));
        }

        static String bytes(List<CacheDirectory.Entry> entries) {
            return ByteCount.format(entries.stream().mapToLong(CacheDirectory.Entry::size).sum());
        }
    }

    private static final class Listing extends Work {
        Listing(Console console) {
            super(console);
        }

        @Override
        int work(BlobCache cache) throws IOException {
            cache.require(false);
            StringBuilder lines = new StringBuilder();
            List<CacheDirectory.Entry> entries = cache.entries();
            for (CacheDirectory.Entry entry : entries) {
                lines.append(
                        "%s  %7s  %s%n"
                                .formatted(
                                        entry.digest(),
                                        ByteCount.format(entry.size()),
                                        entry.used().toInstant().truncatedTo(ChronoUnit.SECONDS)));
            }
            lines.append(sum(entries));
            List<CacheDirectory.Entry> unfinished = cache.unfinished();
            if (!unfinished.isEmpty()) {
                lines.append(", and %s of unfinished ones".formatted(bytes(unfinished)));
            }
            console.answer(lines.append('\n').toString());
            return ExitCode.DONE;
        }
    }

    private static final class Pruning extends Work {
        private long most;

        Pruning(Console console) {
            super(console);
        }

        @Override
        int work(BlobCache cache) throws IOException {
            cache.require(true);
            List<CacheDirectory.Entry> removed = cache.prune(most);
            List<CacheDirectory.Entry> unfinished = cache.pruneUnfinished(0);
            console.answer(
                    "removed %s, and %s of unfinished ones%n"
                            .formatted(sum(removed), bytes(unfinished)));
            return ExitCode.DONE;
        }
    }

    private static final class Check extends Work {
        Check(Console console) {
            super(console);
        }

        @Override
        int work(BlobCache cache) throws IOException {
            cache.require(false);
            List<CacheDirectory.Entry> checked = cache.entries();
            List<CacheDirectory.Entry> damaged = cache.verify();
            for (CacheDirectory.Entry entry : damaged) {
                console.line(
                        "undocker: %s: damaged%s"
                                .formatted(
                                        entry.path(),
                                        Files.exists(entry.path()) ? "" : ", removed"));
            }
            console.answer("%s checked, %d damaged%n".formatted(sum(checked), damaged.size()));
            return damaged.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
        }
    }
}
