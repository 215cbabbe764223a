package dev.undocker.cli;

import io.quarkus.arc.Arc;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;

import jakarta.inject.Inject;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// The program.
@QuarkusMain
public class Main implements QuarkusApplication {
    /// The rehearsal's own word: `rehearse FILE` runs the command lines in a file.
    private static final String REHEARSE = "rehearse";

    private static boolean alone;
    private static boolean rehearsing;

    private final CommandRegistry commands;

    @Inject
    Main(CommandRegistry commands) {
        this.commands = commands;
    }

    /// The program needs no more of Quarkus than its beans. Booted as a whole, Quarkus would read
    /// `.env` and `config/` in the current directory, variables named `QUARKUS_…` and the machine's
    /// name from the resolver, none of which is this program's business. Its development mode and
    /// its tests, which have a class loader of their own, start in their own way.
    public static void main(String... args) throws IOException {
        if (hasTheProcess()) {
            Thread.setDefaultUncaughtExceptionHandler(new LastWords());
            Machine.start();
            System.setProperty("org.jboss.logging.provider", "jdk");
            rehearsing = isRehearsal(args);
            alone = !rehearsing;
            System.exit(Arc.initialize().instance(Main.class).get().run(args));
        }
        Quarkus.run(Main.class, args);
    }

    private static boolean isRehearsal(String... args) {
        return args.length == 2 && args[0].equals(REHEARSE);
    }

    /// True when this process carries out one command line and ends, so that it may give up for
    /// good what that one does not need.
    static boolean hasTheProcessAlone() {
        return alone;
    }

    /// True when the start-up cache is made from what this process loads.
    static boolean isRehearsing() {
        return rehearsing;
    }

    private static boolean hasTheProcess() {
        return Main.class.getClassLoader() == ClassLoader.getSystemClassLoader();
    }

    @Override
    public int run(String... args) throws IOException {
        return isRehearsal(args) ? rehearse(Path.of(args[1])) : commandLine(args).execute();
    }

    /// Runs one command line after the other, a line of `script` each, for the start-up cache to be
    /// made from. What they return does not matter.
    private int rehearse(Path script) throws IOException {
        for (String line : Files.readAllLines(script)) {
            commandLine(line.split(" ")).execute();
        }
        return ExitCode.DONE;
    }

    private UndockerCommandLine commandLine(String... args) {
        // System.out swallows what goes wrong, but is where Quarkus' tests listen
        OutputStream output =
                hasTheProcess() ? new FileOutputStream(FileDescriptor.out) : System.out;
        return new UndockerCommandLine(
                commands,
                new Console(output, System.err, Screen.ERROR.descriptor()),
                ArgumentBytes.restored(args));
    }
}
