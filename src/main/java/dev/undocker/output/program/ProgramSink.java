package dev.undocker.output.program;

import dev.undocker.UndockerException;
import dev.undocker.codec.Compression;
import dev.undocker.codec.Encoding;
import dev.undocker.output.Committed;
import dev.undocker.output.FileDestination;
import dev.undocker.output.Handover;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.tar.PackedNames;
import dev.undocker.output.tar.TarOutput;
import dev.undocker.rootfs.RootfsEntry;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A file that a program makes of our tar, which it reads from standard input. The program writes
/// under the temporary name that every output has, so what it leaves when it fails or is killed is
/// removed like every other output's.
public final class ProgramSink implements RootfsSink {
    private final FileDestination destination;
    private final RunningProgram program;
    private final TarOutput tar;
    private final FormatLimits.Check limits;

    /// What is started for an output.
    @FunctionalInterface
    public interface CommandLine {
        /// @param file to be written; it exists and is empty
        List<String> writing(Path file);
    }

    private ProgramSink(
            FileDestination destination,
            RunningProgram program,
            TarOutput tar,
            FormatLimits.Check limits) {
        this.destination = destination;
        this.program = program;
        this.tar = tar;
        this.limits = limits;
    }

    /// Tells early that there can be no file at `destination`.
    ///
    /// @param format what the file would hold, for the message
    /// @param suffixes what its name may end in beside what nobody takes for another format
    public static void validate(String destination, String format, Set<String> suffixes) {
        if (FileDestination.isOpenFile(destination)) {
            throw UndockerException.usage(
                            "%s cannot hold %s"
                                    .formatted(FileDestination.described(destination), format))
                    .withHint("name a file: its parts are not written in their order");
        }
        PackedNames.refuseOther(
                destination,
                suffixes,
                "choose a name in ." + String.join(" or .", suffixes.stream().sorted().toList()));
        FileDestination.validateFile(destination);
    }

    /// @param name of the program, for messages
    /// @param environment what is added to this process' own
    /// @param limits of what it makes
    /// @param room that has to be free for a program that does not tell when there is none left, in
    ///   bytes; 0 for one that does
    public static ProgramSink open(
            String name,
            CommandLine command,
            Map<String, String> environment,
            FormatLimits limits,
            long room,
            OutputRequest request) {
        FileDestination file = FileDestination.open(request.destination(), request.events());
        try {
            return Handover.of(
                    file,
                    destination -> {
                        destination.requireSpace(room);
                        return Handover.of(
                                RunningProgram.start(
                                        destination,
                                        name,
                                        command.writing(destination.unfinished()),
                                        environment),
                                program ->
                                        new ProgramSink(
                                                destination,
                                                program,
                                                new TarOutput(
                                                        program,
                                                        name,
                                                        Encoding.ofSmall(Compression.NONE),
                                                        false,
                                                        TarOutput.task(Compression.NONE, request)),
                                                limits.check(request.events())));
                    });
        } catch (IOException e) {
            throw UndockerException.because(file.name(), e);
        }
    }

    @Override
    public void accept(RootfsEntry entry) throws IOException {
        tar.accept(limits.held(entry));
    }

    @Override
    public void finish() throws IOException {
        tar.finish();
        program.finish();
        limits.tell();
    }

    /// False once the program has ended.
    boolean isRunning() {
        return program.isRunning();
    }

    @Override
    public Committed commit() {
        return destination.commit();
    }

    @Override
    public void sync() {
        destination.sync();
    }

    /// The program goes first: the tar's thread may wait for it, and it may be about to make its
    /// file anew.
    @Override
    public void close() throws IOException {
        try (destination;
                tar) {
            program.close();
        }
    }
}
