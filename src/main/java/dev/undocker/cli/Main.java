package dev.undocker.cli;

import dev.undocker.output.WriterRegistry;
import dev.undocker.source.ImageSources;

import io.quarkus.arc.Arc;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;

import jakarta.inject.Inject;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/// The program.
@QuarkusMain
public class Main implements QuarkusApplication {
    /// The build's own word: `rehearse FILE` runs the command lines in a file.
    private static final String REHEARSE = "rehearse";

    private final ImageSources sources;
    private final WriterRegistry writers;
    private @Nullable UndockerCommandLine unanswered;

    @Inject
    public Main(ImageSources sources, WriterRegistry writers) {
        this.sources = sources;
        this.writers = writers;
    }

    /// Help, the version and mistakes in the command line are answered from the beans alone, before
    /// all of Quarkus boots, where the process is the program's own to end.
    public static void main(String... args) {
        // The log manager asks the resolver otherwise, which may take long without a network.
        System.setProperty("jboss.qualified.host.name", "localhost");
        if (Boolean.getBoolean("undocker.launcher") || isNativeExecutable()) {
            System.setProperty("java.util.logging.manager", "org.jboss.logmanager.LogManager");
            OptionalInt answer = Arc.initialize().instance(Main.class).get().answer(args);
            if (answer.isPresent()) {
                System.exit(answer.getAsInt());
            }
        }
        Quarkus.run(Main.class, args);
    }

    private static boolean isNativeExecutable() {
        return System.getProperty("org.graalvm.nativeimage.imagecode") != null;
    }

    @Override
    public int run(String... args) throws IOException {
        if (isRehearsal(args)) {
            return rehearse(Path.of(args[1]));
        }
        return (unanswered != null ? unanswered : commandLine(args)).execute();
    }

    /// Not private: the bean is called through a proxy.
    OptionalInt answer(String... args) {
        if (isRehearsal(args)) {
            return OptionalInt.empty();
        }
        unanswered = commandLine(args);
        return unanswered.answer();
    }

    private static boolean isRehearsal(String... args) {
        return args.length == 2 && args[0].equals(REHEARSE);
    }

    /// Runs one command line after the other, a line of `script` each, for the build to make the
    /// start-up cache from. What they return does not matter.
    private int rehearse(Path script) throws IOException {
        for (String line : Files.readAllLines(script)) {
            UndockerCommandLine commandLine = commandLine(line.split(" "));
            if (commandLine.answer().isEmpty()) {
                commandLine.execute();
            }
        }
        return ExitCode.DONE;
    }

    private UndockerCommandLine commandLine(String... args) {
        return new UndockerCommandLine(sources, writers, new Console(System.out, System.err), args);
    }
}
