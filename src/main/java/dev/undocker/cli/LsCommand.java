package dev.undocker.cli;

import dev.undocker.UndockerException;
import dev.undocker.image.Image;
import dev.undocker.merge.ImageRootfs;
import dev.undocker.query.list.JsonLines;
import dev.undocker.query.list.LongFormat;
import dev.undocker.query.list.Section;
import dev.undocker.query.list.Selection;
import dev.undocker.source.ImageSources;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;

/// `undocker ls IMAGE [PATH…]`: what is in the root file system, as `ls -l` shows it.
@Singleton
class LsCommand implements Command {
    private final ImageSources sources;

    @Inject
    LsCommand(ImageSources sources) {
        this.sources = sources;
    }

    @Override
    public String name() {
        return "ls";
    }

    @Override
    public String summary() {
        return "List what is in an image";
    }

    @Override
    public CommandSpec spec(Console console) {
        Run run = new Run(new QuestionRun(sources, console));
        CommandSpec spec = CommandSpec.wrapWithoutInspection(run);
        CommandOptions options = new CommandOptions(spec);
        options.parameter("IMAGE", "the image to look into", text -> run.image = text);
        options.imagePaths(
                "PATH",
                0,
                "what to list; by default the root directory",
                paths -> run.paths = paths);
        options.flag(
                OptionSpec.builder("-R", "--recursive"),
                "list directories and all below them, a path a line",
                given -> run.recursive = given);
        options.flag(
                OptionSpec.builder("-d", "--directory"),
                "list directories themselves, not their contents",
                given -> run.directories = given);
        options.flag(
                "--layer",
                "show in front which layer put each name there",
                given -> run.layers = given);
        options.flag("--json", "print one JSON object a line", given -> run.json = given);
        run.flags.declare(options);
        options.examples(
                List.of(
                        "undocker ls docker://nginx bin",
                        "undocker ls -R --layer --json image.tar"));
        return spec;
    }

    private static final class Run implements Callable<Integer> {
        private final QuestionRun question;
        private final ReadingFlags flags = new ReadingFlags();
        private String image = "";
        private List<byte[]> paths = List.of();
        private boolean recursive;
        private boolean directories;
        private boolean layers;
        private boolean json;
        private int exitCode = ExitCode.DONE;

        Run(QuestionRun question) {
            this.question = question;
        }

        @Override
        public Integer call() throws IOException {
            return question.ask(image, flags, false, this::list);
        }

        private int list(Image opened) throws IOException {
            Console console = question.console();
            try (ImageRootfs rootfs = flags.names(opened, null, console)) {
                console.endProgress();
                List<Section> sections =
                        new Selection(rootfs.tree(), depth()).sections(paths, this::failed);
                AnswerStream out = new AnswerStream(console);
                if (json) {
                    new JsonLines(rootfs.tree(), opened.layers(), layers, out).write(sections);
                } else {
                    new LongFormat(rootfs.tree(), AnswerStream.names(), layers, out)
                            .write(sections);
                }
                out.flush();
                return exitCode;
            }
        }

        private Selection.Depth depth() {
            if (directories) {
                return Selection.Depth.ITSELF;
            }
            return recursive ? Selection.Depth.ALL : Selection.Depth.CONTENT;
        }

        private void failed(UndockerException failure) {
            question.console().failure(failure, false);
            exitCode = ExitCode.FAILED;
        }
    }
}
