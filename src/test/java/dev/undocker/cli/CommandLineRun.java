package dev.undocker.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.output.OutputWriter;
import dev.undocker.output.WriterRegistry;
import dev.undocker.output.tar.RootfsWriter;
import dev.undocker.source.ImageForms;
import dev.undocker.source.ImageSources;
import dev.undocker.source.LocalImages;
import dev.undocker.source.dirlayout.DirLayout;
import dev.undocker.source.dockerarchive.DockerArchive;
import dev.undocker.source.ocilayout.OciLayout;
import dev.undocker.testing.Undocker;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;

/// The command line as the program has it, run inside the test's process: faster by far than a
/// process of its own. What goes to standard output as data is not seen here.
public final class CommandLineRun {
    private CommandLineRun() {}

    /// Paths may be given as they are.
    static Undocker.Result of(Object... arguments) {
        return with(List.of(new RootfsWriter()), arguments);
    }

    /// The same with these writers.
    public static Undocker.Result with(List<OutputWriter> writers, Object... arguments) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        ImageSources sources =
                new ImageSources(
                        List.of(
                                new LocalImages(
                                        new ImageForms(
                                                List.of(
                                                        new DockerArchive(),
                                                        new OciLayout(),
                                                        new DirLayout())))));
        WriterRegistry registry = new WriterRegistry(writers);
        UndockerCommandLine commandLine =
                new UndockerCommandLine(
                        new CommandRegistry(
                                List.of(
                                        new CacheCommand(),
                                        new CatCommand(sources),
                                        new ConvertCommand(sources, registry),
                                        new DiffCommand(sources),
                                        new ExplainCommand(sources),
                                        new InspectCommand(sources, registry),
                                        new LsCommand(sources)),
                                registry,
                                sources),
                        new Console(output, errors, -1),
                        Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
        int exitCode = commandLine.execute();
        return new Undocker.Result(exitCode, output.toByteArray(), errors.toString(UTF_8));
    }
}
