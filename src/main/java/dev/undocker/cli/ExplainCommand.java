package dev.undocker.cli;

import dev.undocker.UndockerException;
import dev.undocker.image.BuildStep;
import dev.undocker.image.Image;
import dev.undocker.merge.ImageRootfs;
import dev.undocker.query.LayerOrigin;
import dev.undocker.query.PathLookup;
import dev.undocker.query.explain.Explainer;
import dev.undocker.query.explain.Explanation;
import dev.undocker.query.explain.ExplanationJson;
import dev.undocker.query.explain.ExplanationText;
import dev.undocker.query.explain.MergeHistory;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.source.ConfigDocument;
import dev.undocker.source.ImageSources;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import picocli.CommandLine.Model.CommandSpec;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;

/// `undocker explain IMAGE PATH`: why a path is in the root file system, or is not.
@Singleton
class ExplainCommand implements Command {
    private final ImageSources sources;

    @Inject
    ExplainCommand(ImageSources sources) {
        this.sources = sources;
    }

    @Override
    public String name() {
        return "explain";
    }

    @Override
    public String summary() {
        return "Tell which layers made, changed and removed a path, and why";
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
        options.parameter("IMAGE", "the image that is asked", text -> run.image = text);
        options.imagePath("PATH", "a path in its root file system", path -> run.path = path);
        options.flag("--json", "answer with one JSON document", given -> run.json = given);
        run.flags.declare(options);
        options.exitCodes(
                "the path is there; a symbolic link may lead nowhere",
                "the path is not there",
                "trouble, or the command line is wrong");
        options.examples(
                List.of(
                        "undocker explain docker://nginx etc/passwd",
                        "undocker explain --json image.tar bin/sh"));
        return spec;
    }

    private static final class Run implements Callable<Integer> {
        private final QuestionRun question;
        private final ReadingFlags flags = new ReadingFlags();
        private String image = "";
        private byte[] path = {};
        private boolean json;

        Run(QuestionRun question) {
            this.question = question;
        }

        @Override
        public Integer call() throws IOException {
            if (path.length == 0) {
                throw UndockerException.usage("PATH: is empty");
            }
            RootfsPath wanted = RootfsPath.ROOT.resolveInside(path);
            if (wanted == null) {
                throw UndockerException.usage("PATH: is too long");
            }
            return question.ask(image, flags, false, opened -> explain(opened, wanted));
        }

        private int explain(Image opened, RootfsPath wanted) throws IOException {
            Console console = question.console();
            List<BuildStep> history =
                    ConfigDocument.history(opened.name() + ": config", opened.rawConfig(), console);
            List<LayerOrigin> layers = LayerOrigin.of(opened.layers(), history);
            MergeHistory events = new MergeHistory();
            try (ImageRootfs rootfs = flags.names(opened, events, console)) {
                Explainer explainer = new Explainer(rootfs.tree(), events);
                Explanation explanation =
                        PathLookup.asksForDirectory(path)
                                ? explainer.explainDirectory(wanted)
                                : explainer.explain(wanted);
                console.endProgress();
                if (json) {
                    byte[] document = ExplanationJson.of(explanation, layers);
                    console.answer(document, document.length);
                } else {
                    console.answer(
                            ExplanationText.of(
                                    explanation, layers, events, Screen.OUTPUT.answerColumns()));
                }
                return explanation.isPresent() ? ExitCode.DONE : ExitCode.NO;
            }
        }
    }
}
