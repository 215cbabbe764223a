package dev.undocker.cli;

import dev.undocker.ByteCount;
import dev.undocker.image.Healthcheck;
import dev.undocker.image.ImageConfig;
import dev.undocker.image.PlatformImage;
import dev.undocker.query.ImageReport;
import dev.undocker.query.LayerLedger;
import dev.undocker.query.LayerOrigin;
import dev.undocker.query.OutputLimits;
import dev.undocker.query.Prose;
import dev.undocker.query.ShownLine;
import dev.undocker.rootfs.RootfsPath;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What is known of an image, for people: as wide as is wanted, but for words and tables that are
/// wider. What the image does not say is left out. Its text is printable, whatever it says.
final class InspectText {
    /// So that a digest ends with the line.
    private static final int FACT = 9;

    private static final int PROCESS = 15;
    private static final int OUTPUT = 13;
    private static final int LAYER = 6;

    private static final long NANOS = 1_000_000_000;

    private final Prose text;

    /// Stands over the next row of the process; empty when it is said.
    private String heading = "";

    private InspectText(int width) {
        text = new Prose(width);
    }

    /// @param width of the lines, in columns
    static String of(ImageReport report, int width) {
        InspectText inspect = new InspectText(width);
        inspect.facts(report);
        inspect.process(report.config(), report.healthcheck());
        inspect.labels(report.config());
        inspect.layers(report);
        List<OutputLimits> outputs = report.outputs();
        if (outputs != null) {
            inspect.outputs(outputs);
        }
        return inspect.text.toString();
    }

    /// The images that an index lists.
    static String of(List<PlatformImage> images, int width) {
        InspectText inspect = new InspectText(width);
        for (PlatformImage image : images) {
            inspect.line(
                    (image.platform() == null
                                    ? "unknown platform"
                                    : printable(image.platform().toString()))
                            + (image.size().isPresent()
                                    ? ", " + ByteCount.format(image.size().getAsLong())
                                    : ", not here")
                            + (image.name() == null ? "" : ", " + printable(image.name())));
            inspect.line("  " + image.digest());
        }
        return inspect.text.toString();
    }

    private void facts(ImageReport report) {
        ImageConfig config = report.config();
        fact("Name", report.name());
        fact("Digest", report.manifest());
        fact("Image ID", report.id());
        fact("Platform", config.platform());
        fact("Created", config.created());
        fact("Author", config.author());
    }

    private void fact(String label, @Nullable Object value) {
        if (value != null) {
            text.add(label, FACT, printable(value.toString()));
        }
    }

    private void process(ImageConfig config, @Nullable Healthcheck check) {
        heading = "Process";
        ImageConfig.Process process = config.process();
        said("  Entrypoint", words(process.entrypoint()));
        said("  Command", words(process.cmd()));
        list("  Environment", process.env());
        said("  User", printable(process.user()));
        said("  Directory", printable(process.workingDir()));
        said("  Stop signal", process.stopSignal() == null ? "" : printable(process.stopSignal()));
        list("  Ports", config.exposedPorts());
        list("  Volumes", config.volumes());
        said("  Healthcheck", check == null ? "" : healthcheck(check));
    }

    private void said(String label, String value) {
        if (!value.isEmpty()) {
            row(label, value);
        }
    }

    private void row(String label, String value) {
        if (!heading.isEmpty()) {
            text.addEmptyLine();
            line(heading);
            heading = "";
        }
        text.add(label, PROCESS, value);
    }

    private void list(String label, List<String> values) {
        String first = label;
        for (String value : values) {
            row(first, printable(value));
            first = "";
        }
    }

    /// As a Dockerfile has them: `["nginx", "-g", "daemon off;"]`.
    private static String words(List<String> words) {
        List<String> quoted = new ArrayList<>();
        for (String word : words) {
            quoted.add('"' + printable(word).replace("\"", "\\\"") + '"');
        }
        return words.isEmpty() ? "" : "[" + String.join(", ", quoted) + "]";
    }

    private static String healthcheck(Healthcheck check) {
        String kind = check.test().isEmpty() ? "" : check.test().getFirst();
        List<String> parts = new ArrayList<>();
        parts.add(
                switch (kind) {
                    case "" -> "as in the base image";
                    case "NONE" -> "none";
                    case "CMD" -> words(check.test().subList(1, check.test().size()));
                    case "CMD-SHELL" ->
                            printable(
                                    String.join(" ", check.test().subList(1, check.test().size())));
                    default -> words(check.test());
                });
        seconds("every ", check.intervalNanos(), parts);
        seconds("timeout ", check.timeoutNanos(), parts);
        seconds("start period ", check.startPeriodNanos(), parts);
        if (check.retries() > 0) {
            parts.add("retries " + check.retries());
        }
        return String.join(", ", parts);
    }

    private static void seconds(String what, long nanos, List<String> parts) {
        if (nanos > 0) {
            parts.add(
                    what + (nanos % NANOS == 0 ? nanos / NANOS + " s" : nanos / 1_000_000 + " ms"));
        }
    }

    private void labels(ImageConfig config) {
        if (!config.labels().isEmpty()) {
            text.addEmptyLine();
            line("Labels");
            config.labels()
                    .forEach((key, value) -> text.addLine(2, ShownLine.of(key + "=" + value)));
        }
    }

    private void layers(ImageReport report) {
        text.addEmptyLine();
        if (report.layers().isEmpty()) {
            line("No layers");
            return;
        }
        ImageReport.Totals totals = report.totals();
        line(
                totals == null
                        ? "Layers   stored"
                        : "Layers   stored  unpacked    wasted     added   changed    hidden");
        for (ImageReport.Layer layer : report.layers()) {
            layer(layer);
        }
        String all = right("all", LAYER - 2) + right(ByteCount.format(report.stored()), 11);
        if (totals == null) {
            line(all);
            text.addEmptyLine();
            text.add(
                    0,
                    "The layers were not read: they would have to be fetched, as --layers does.");
        } else {
            line(
                    all
                            + right(ByteCount.format(totals.bytes()), 10)
                            + right(ByteCount.format(totals.wasted()), 10)
                            + right(Long.toString(totals.entries()), 10)
                            + (totals.entries() == 1 ? " entry remains" : " entries remain"));
        }
    }

    private void layer(ImageReport.Layer layer) {
        LayerLedger.Sums sums = layer.sums();
        LayerOrigin origin = layer.origin();
        line(
                right(Integer.toString(origin.number()), LAYER - 2)
                        + right(ByteCount.format(layer.stored()), 11)
                        + (sums == null ? "" : columns(sums)));
        line(" ".repeat(LAYER) + origin.shownDigest());
        String step = origin.shownStep();
        if (step != null) {
            text.addLine(LAYER, ShownLine.of(step));
        }
    }

    private static String columns(LayerLedger.Sums sums) {
        return right(ByteCount.format(sums.bytes()), 10)
                + right(ByteCount.format(sums.wasted()), 10)
                + right(Long.toString(sums.added()), 10)
                + right(Long.toString(sums.changed()), 10)
                + right(Long.toString(sums.hidden()), 10);
    }

    private static String right(String value, int width) {
        return " ".repeat(Math.max(0, width - value.length())) + value;
    }

    private void outputs(List<OutputLimits> outputs) {
        text.addEmptyLine();
        line("Outputs");
        for (OutputLimits output : outputs) {
            String label = "  " + output.output();
            if (output.isFilesOnly()) {
                text.add(
                        label,
                        OUTPUT,
                        "the files alone: nothing of process, ports, volumes, labels");
                label = "";
            } else if (output.sentences().isEmpty()) {
                text.add(label, OUTPUT, "nothing to warn of");
            }
            for (String sentence : output.sentences()) {
                text.add(label, OUTPUT, printable(sentence));
                label = "";
            }
        }
    }

    /// A line of words of this program, which is short.
    private void line(String line) {
        text.add(0, Prose.tied(line));
    }

    private static String printable(String value) {
        return RootfsPath.printable(value.getBytes(StandardCharsets.UTF_8));
    }
}
