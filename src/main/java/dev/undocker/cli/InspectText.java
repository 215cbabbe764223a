package dev.undocker.cli;

import dev.undocker.image.Healthcheck;
import dev.undocker.image.ImageConfig;
import dev.undocker.image.PlatformImage;
import dev.undocker.query.ImageReport;
import dev.undocker.query.LayerLedger;
import dev.undocker.query.LayerOrigin;
import dev.undocker.query.OutputLimits;
import dev.undocker.rootfs.RootfsPath;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// What is known of an image, for people: 80 columns, but for words that are longer. What the image
/// does not say is left out. Its text is printable, whatever it says.
final class InspectText {
    private static final int WIDTH = 80;

    /// So that a digest ends with the line.
    private static final int FACT = 9;

    private static final int PROCESS = 15;
    private static final int OUTPUT = 13;
    private static final int LAYER = 6;

    /// How Docker's older builder begins what is no command.
    private static final Pattern NO_COMMAND = Pattern.compile("^/bin/sh -c #\\(nop\\) +");

    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private static final long NANOS = 1_000_000_000;

    private final StringBuilder text = new StringBuilder();

    private InspectText() {}

    static String of(ImageReport report) {
        InspectText inspect = new InspectText();
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
    static String of(List<PlatformImage> images) {
        InspectText inspect = new InspectText();
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
            row(label, FACT, printable(value.toString()));
        }
    }

    private void process(ImageConfig config, @Nullable Healthcheck check) {
        int before = text.length();
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
        if (text.length() > before) {
            text.insert(before, "\nProcess\n");
        }
    }

    private void said(String label, String value) {
        if (!value.isEmpty()) {
            row(label, PROCESS, value);
        }
    }

    private void list(String label, List<String> values) {
        String first = label;
        for (String value : values) {
            row(first, PROCESS, printable(value));
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
            line("\nLabels");
            config.labels().forEach((key, value) -> line(cut("  " + tidy(key + "=" + value))));
        }
    }

    private void layers(ImageReport report) {
        if (report.layers().isEmpty()) {
            line("\nNo layers");
            return;
        }
        ImageReport.Totals totals = report.totals();
        line(
                totals == null
                        ? "\nLayers   stored"
                        : "\nLayers   stored  unpacked    wasted     added   changed    hidden");
        for (ImageReport.Layer layer : report.layers()) {
            LayerLedger.Sums sums = layer.sums();
            LayerOrigin origin = layer.origin();
            right(Integer.toString(origin.number()), LAYER - 2);
            right(ByteCount.format(layer.stored()), 11);
            if (sums != null) {
                right(ByteCount.format(sums.bytes()), 10);
                right(ByteCount.format(sums.wasted()), 10);
                right(Long.toString(sums.added()), 10);
                right(Long.toString(sums.changed()), 10);
                right(Long.toString(sums.hidden()), 10);
            }
            line("");
            line(" ".repeat(LAYER) + origin.shownDigest());
            if (origin.step() != null && origin.step().createdBy() != null) {
                String step = NO_COMMAND.matcher(origin.step().createdBy()).replaceFirst("");
                line(cut(" ".repeat(LAYER) + tidy(step)));
            }
        }
        right("all", LAYER - 2);
        right(ByteCount.format(report.stored()), 11);
        if (totals == null) {
            line("\n\nThe layers were not read: they would have to be fetched, as --layers does.");
        } else {
            right(ByteCount.format(totals.bytes()), 10);
            right(ByteCount.format(totals.wasted()), 10);
            right(Long.toString(totals.entries()), 10);
            line(totals.entries() == 1 ? " entry remains" : " entries remain");
        }
    }

    private void outputs(List<OutputLimits> outputs) {
        line("\nOutputs");
        for (OutputLimits output : outputs) {
            String label = "  " + output.output();
            if (output.isFilesOnly()) {
                row(label, OUTPUT, "the files alone: nothing of process, ports, volumes, labels");
                label = "";
            } else if (output.sentences().isEmpty()) {
                row(label, OUTPUT, "nothing to warn of");
            }
            for (String sentence : output.sentences()) {
                row(label, OUTPUT, printable(sentence));
                label = "";
            }
        }
    }

    /// A label and a value, which goes on in further lines where it has blanks.
    private void row(String label, int indent, String value) {
        text.append(label).repeat(' ', Math.max(1, indent - label.length()));
        int column = indent;
        boolean first = true;
        for (String word : value.split(" ", -1)) {
            int length = word.codePointCount(0, word.length());
            if (!first && column + 1 + length > WIDTH) {
                text.append('\n').repeat(' ', indent + 2);
                column = indent + 2;
            } else if (!first) {
                text.append(' ');
                column++;
            }
            text.append(word);
            column += length;
            first = false;
        }
        text.append('\n');
    }

    private void right(String value, int width) {
        text.repeat(' ', Math.max(0, width - value.length())).append(value);
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    /// One line of what may be several.
    private static String tidy(String value) {
        return printable(BLANKS.matcher(value).replaceAll(" ").strip());
    }

    private static String cut(String line) {
        return line.codePointCount(0, line.length()) <= WIDTH
                ? line
                : line.substring(0, line.offsetByCodePoints(0, WIDTH - 1)) + "…";
    }

    private static String printable(String value) {
        return RootfsPath.printable(value.getBytes(StandardCharsets.UTF_8));
    }
}
