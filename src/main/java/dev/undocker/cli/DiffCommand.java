package dev.undocker.cli;

import dev.undocker.UndockerException;
import dev.undocker.image.Image;
import dev.undocker.merge.ImageRootfs;
import dev.undocker.query.diff.ConfigChange;
import dev.undocker.query.diff.Difference;
import dev.undocker.query.diff.DifferenceJson;
import dev.undocker.query.diff.DifferenceText;
import dev.undocker.query.diff.TreeComparison;
import dev.undocker.source.ImageSources;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;

/// `undocker diff A B`: in what the root file systems of two images differ.
@Singleton
class DiffCommand implements Command {
    private final ImageSources sources;

    @Inject
    DiffCommand(ImageSources sources) {
        this.sources = sources;
    }

    @Override
    public String name() {
        return "diff";
    }

    @Override
    public String summary() {
        return "Compare the root filesystems of two images";
    }

    @Override
    public int failureCode() {
        return ExitCode.TROUBLE;
    }

    @Override
    public CommandSpec spec(Console console) {
        Run run = new Run(new QuestionRun(sources, console));
        CommandSpec spec = CommandSpec.wrapWithoutInspection(run);
        CommandOptions options = new CommandOptions(spec);
        options.parameter("A", "the image that is compared", text -> run.first = text);
        options.parameter("B", "the image that it is compared with", text -> run.second = text);
        options.flag(
                OptionSpec.builder("-r", "--recursive"),
                "tell each name below a directory that only one image has",
                given -> run.recursive = given);
        options.flag(
                "--times", "tell also where only the time differs", given -> run.times = given);
        options.flag(
                "--config",
                "compare also what the images say of their process, ports, volumes and labels",
                given -> run.config = given);
        options.flag(
                "--json",
                "answer with a JSON object a line, one for each name",
                given -> run.json = given);
        run.flags.declare(options);
        options.exitCodes(
                "both are the same", "they differ", "trouble, or the command line is wrong");
        options.examples(
                List.of(
                        "undocker diff image.tar docker://nginx",
                        "undocker diff --config --times image.tar docker://nginx"));
        return spec;
    }

    private static final class Run implements Callable<Integer> {
        private final QuestionRun question;
        private final ReadingFlags flags = new ReadingFlags();
        private String first = "";
        private String second = "";
        private boolean recursive;
        private boolean times;
        private boolean config;
        private boolean json;

        Run(QuestionRun question) {
            this.question = question;
        }

        @Override
        public Integer call() throws IOException {
            if (first.equals("-") && second.equals("-")) {
                throw UndockerException.usage("only one image can be standard input");
            }
            return question.ask(first, second, flags, true, this::compare);
        }

        private int compare(Image one, Image other) throws IOException {
            Console console = question.console();
            try (ImageRootfs before = flags.contents(one, console);
                    ImageRootfs after = flags.contents(other, console)) {
                List<Difference> differences =
                        TreeComparison.of(before.tree(), after.tree(), times, console);
                before.verified();
                after.verified();
                console.endProgress();
                List<ConfigChange> configs =
                        config ? ConfigChange.between(one.config(), other.config()) : List.of();
                answer(configs, differences);
                return configs.isEmpty() && differences.isEmpty() ? ExitCode.DONE : ExitCode.NO;
            }
        }

        private void answer(List<ConfigChange> configs, List<Difference> differences)
                throws IOException {
            if (!json) {
                question.console()
                        .answer(
                                DifferenceText.of(configs)
                                        + DifferenceText.of(differences, recursive));
                return;
            }
            AnswerStream out = new AnswerStream(question.console());
            for (ConfigChange change : configs) {
                out.write(DifferenceJson.line(change));
            }
            DifferenceJson lines = new DifferenceJson();
            for (Difference difference : differences) {
                out.write(lines.line(difference));
            }
            out.flush();
        }
    }
}
