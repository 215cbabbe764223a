package dev.undocker.cli;

import dev.undocker.UndockerException;
import dev.undocker.content.TemporaryFiles;
import dev.undocker.image.Image;
import dev.undocker.merge.MergePlan;
import dev.undocker.merge.MergedRootfs;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.RootfsSink;
import dev.undocker.query.OutputLimits;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// Finds out what outputs cannot carry: each is begun with its usual options in a directory that is
/// nobody's, heard, and given up. So whoever converts says the same.
///
/// @param temporary beside what is temporary anyway
/// @param threads as for a conversion
record OutputTrial(List<OutputWriter> writers, TemporaryFiles temporary, int threads) {
    /// @param tree with its contents
    /// @throws IOException when there can be no temporary directory
    List<OutputLimits> limits(Image image, MergedRootfs tree) throws IOException {
        MergePlan plan = tree.plan(path -> true, OptionalLong.empty());
        OutputRequest.Totals totals = new OutputRequest.Totals(plan.size(), plan.contentBytes());
        List<OutputLimits> limits = new ArrayList<>();
        Path directory = Files.createTempDirectory(temporary.directory(), ".undocker-");
        try {
            for (OutputWriter writer : writers) {
                List<String> sentences = new ArrayList<>();
                OutputRequest request =
                        new OutputRequest(
                                directory.resolve(writer.name() + writer.usualSuffix()).toString(),
                                image,
                                tree,
                                totals,
                                threads,
                                sentences::add);
                begin(writer.newSettings(), request, sentences);
                limits.add(
                        new OutputLimits(
                                writer.name(),
                                writer.isFilesOnly(),
                                sentences.stream().distinct().toList()));
            }
        } finally {
            Files.delete(directory);
        }
        return limits;
    }

    private static void begin(
            OutputWriter.Settings settings, OutputRequest request, List<String> sentences)
            throws IOException {
        try {
            settings.validate(request.destination());
            try (RootfsSink sink = settings.open(request)) {
                // what there is to say is said by now
            }
        } catch (UndockerException e) {
            sentences.add("refused: " + e.sentence());
        }
    }
}
