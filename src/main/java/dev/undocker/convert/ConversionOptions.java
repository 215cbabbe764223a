package dev.undocker.convert;

import dev.undocker.content.TemporaryFiles;

import java.util.OptionalLong;

/// What the user decides about a run, whatever its outputs.
///
/// @param temporary where compressed layers are decoded to
/// @param verify false skips checks that cost time
/// @param durable true to bring the outputs to the disk before they take their names, and then
///   these
/// @param threads how many may be busy, at least 1
/// @param filter which paths are written
/// @param latestTime seconds since 1970 to which newer modification times are lowered
public record ConversionOptions(
        TemporaryFiles temporary,
        boolean verify,
        boolean durable,
        int threads,
        PathFilter filter,
        OptionalLong latestTime) {}
