package dev.undocker.convert;

import dev.undocker.output.OutputWriter;

/// One output of a run.
///
/// @param destination as the user typed it
public record Output(OutputWriter.Settings settings, String destination) {}
