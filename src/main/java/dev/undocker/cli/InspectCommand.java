package dev.undocker.cli;

import dev.undocker.UndockerException;
import dev.undocker.image.Healthcheck;
import dev.undocker.image.Image;
import dev.undocker.image.PlatformImage;
import dev.undocker.merge.ImageRootfs;
import dev.undocker.output.FileDestination;
import dev.undocker.output.WriterRegistry;
import dev.undocker.query.ImageReport;
import dev.undocker.query.LayerLedger;
import dev.undocker.query.OutputLimits;
import dev.undocker.query.ReportJson;
import dev.undocker.source.ConfigDocument;
import dev.undocker.source.ImageSources;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.CommandSpec;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;

/// `undocker inspect IMAGE`: what there is to know of an image without its files.
@Singleton
class InspectCommand implements Command {
    private final ImageSources sources;
    private final WriterRegistry writers;

    @Inject
    InspectCommand(ImageSources sources, WriterRegistry writers) {
        this.sources = sources;
        this.writers = writers;
    }

    @Override
    public String name() {
        return "inspect";
    }

    @Override
    public String summary() {
        return "Show an image's process, layers and what they waste";
    }

    @Override
    public CommandSpec spec(Console console) {
        Run run = new Run(new QuestionRun(sources, console), writers);
        CommandSpec spec = CommandSpec.wrapWithoutInspection(run);
        CommandOptions options = new CommandOptions(spec);
        options.parameter("IMAGE", "the image to look at", text -> run.image = text);
        options.flag("--json", "print one JSON document, for programs", given -> run.json = given);
        options.text(
                "--html",
                "FILE",
                "instead write a page that shows the layers, their files and what is wasted",
                file -> run.html = file);
        options.flag(
                "--layers",
                "read the layers, also where they have to be fetched",
                given -> run.layers = given);
        options.flag(
                "--outputs",
                "also find out what each kind of output cannot carry, and why",
                given -> run.outputs = given);
        run.flags.declareListing(options);
        options.examples(
                List.of(
                        "undocker inspect docker://nginx",
                        "undocker inspect --html nginx.html docker://nginx"));
        return spec;
    }

    private static final class Run implements Callable<Integer> {
        private final QuestionRun question;
        private final WriterRegistry writers;
        private final ReadingFlags flags = new ReadingFlags();
        private String image = "";
        private boolean json;
        private boolean layers;
        private boolean outputs;
        private @Nullable String html;

        Run(QuestionRun question, WriterRegistry writers) {
            this.question = question;
            this.writers = writers;
        }

        @Override
        public Integer call() throws IOException {
            if (flags.wantsList()) {
                list();
            } else {
                inspect();
            }
            return ExitCode.DONE;
        }

        private void list() throws IOException {
            if (layers || outputs || html != null) {
                throw UndockerException.usage(
                                "--platform all: reads no layers of the images it lists")
                        .withHint(
                                "choose one of them with --platform OS/ARCH, or leave out --layers,"
                                        + " --outputs and --html");
            }
            List<PlatformImage> images = question.platforms(image, flags);
            if (json) {
                answer(ReportJson.of(images));
            } else {
                question.console().answer(InspectText.of(images, Screen.OUTPUT.answerColumns()));
            }
        }

        private void inspect() throws IOException {
            if (html != null) {
                draw(html);
                return;
            }
            ImageReport report = question.ask(image, flags, false, this::report);
            if (json) {
                answer(ReportJson.of(report));
            } else {
                question.console().answer(InspectText.of(report, Screen.OUTPUT.answerColumns()));
            }
        }

        private void draw(String file) throws IOException {
            if (json || outputs) {
                throw UndockerException.usage("--html: a page has neither --json nor --outputs")
                        .withHint("leave them out, or --html");
            }
            if (file.isEmpty()) {
                throw UndockerException.usage("--html: is empty");
            }
            FileDestination.validate(file);
            ConversionRun.refuseOverwritingTheImage(question.sources().locate(image).file(), file);
            InspectPage page = new InspectPage(file, question.console());
            question.ask(image, flags, false, opened -> draw(opened, page));
            page.tell();
        }

        private void answer(byte[] document) {
            question.console().answer(document, document.length);
        }

        private ImageReport report(Image opened) throws IOException {
            if (!layers && !outputs && !isHere(opened)) {
                return report(opened, null, null);
            }
            LayerLedger ledger = new LayerLedger(opened.layers().size());
            try (ImageRootfs rootfs =
                    outputs
                            ? flags.everything(opened, ledger, question.console())
                            : flags.names(opened, ledger, question.console())) {
                return report(opened, ledger.sums(), outputs ? limits(opened, rootfs) : null);
            }
        }

        private ImageReport draw(Image opened, InspectPage page) throws IOException {
            LayerLedger ledger = new LayerLedger(opened.layers().size());
            try (ImageRootfs rootfs = flags.names(opened, ledger, question.console())) {
                ImageReport report = report(opened, ledger.sums(), null);
                page.write(report, rootfs.tree(), ledger.wasted());
                return report;
            }
        }

        private ImageReport report(
                Image opened,
                @Nullable List<LayerLedger.Sums> sums,
                @Nullable List<OutputLimits> limits) {
            return ImageReport.of(
                    opened,
                    ConfigDocument.history(place(opened), opened.rawConfig(), question.console()),
                    healthcheck(opened),
                    sums,
                    limits);
        }

        private @Nullable Healthcheck healthcheck(Image opened) {
            return ConfigDocument.healthcheck(
                    place(opened), opened.rawConfig(), question.console());
        }

        private static String place(Image opened) {
            return opened.name() + ": config";
        }

        private static boolean isHere(Image opened) {
            return opened.layers().stream().allMatch(layer -> layer.data().isHere());
        }

        private List<OutputLimits> limits(Image opened, ImageRootfs rootfs) throws IOException {
            return new OutputTrial(writers.writers(), flags.temporary(), flags.threads())
                    .limits(opened, rootfs.tree(), healthcheck(opened), question.console());
        }
    }
}
