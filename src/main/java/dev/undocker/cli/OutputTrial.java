package dev.undocker.cli;

import dev.undocker.UndockerException;
import dev.undocker.Warnings;
import dev.undocker.content.TemporaryFiles;
import dev.undocker.image.Healthcheck;
import dev.undocker.image.Image;
import dev.undocker.merge.MergePlan;
import dev.undocker.merge.MergedRootfs;
import dev.undocker.output.DirectoryDestination;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.RootfsSink;
import dev.undocker.query.OutputLimits;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// Finds out what outputs cannot carry: each is begun with its usual options in a directory that is
/// nobody's, heard, given up, and asked what its end would tell. So whoever converts says the same.
///
/// @param temporary beside what is temporary anyway
/// @param threads as for a conversion
record OutputTrial(List<OutputWriter> writers, TemporaryFiles temporary, int threads) {
    /// @param tree with its contents
    /// @param check null when the image has none
    /// @param warnings hear of what a run that was killed left and cannot be removed
    /// @throws UndockerException when there can be no temporary directory
    List<OutputLimits> limits(
            Image image, MergedRootfs tree, @Nullable Healthcheck check, Warnings warnings)
            throws IOException {
        MergePlan plan = tree.plan(path -> true, OptionalLong.empty());
        OutputRequest.Totals totals = new OutputRequest.Totals(plan.size(), plan.contentBytes());
        List<OutputLimits> limits = new ArrayList<>();
        String beside = temporary.directory().resolve("outputs").toString();
        try (DirectoryDestination scratch = DirectoryDestination.scratch(beside, warnings)) {
            Path directory = scratch.growing();
            for (OutputWriter writer : writers) {
                List<String> sentences = new ArrayList<>();
                OutputRequest request =
                        new OutputRequest(
                                directory.resolve(writer.name() + writer.usualSuffix()).toString(),
                                image,
                                tree,
                                totals,
                                threads,
                                false,
                                sentences::add);
                if (check != null && !writer.isFilesOnly()) {
                    sentences.add("health check: left out: engines alone run one");
                }
                begin(writer.newSettings(), plan, request, sentences);
                limits.add(
                        new OutputLimits(
                                writer.name(),
                                writer.isFilesOnly(),
                                sentences.stream().distinct().toList()));
            }
        }
        return limits;
    }

    private static void begin(
            OutputWriter.Settings settings,
            MergePlan plan,
            OutputRequest request,
            List<String> sentences)
            throws IOException {
        try {
            settings.validate(request.destination());
            try (RootfsSink sink = settings.open(request)) {
                // what there is to say at once is said by now
            }
            settings.foresee(plan, request);
        } catch (UndockerException e) {
            sentences.add("refused: " + e.sentence());
        }
    }
}
