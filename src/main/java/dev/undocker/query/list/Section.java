package dev.undocker.query.list;

import dev.undocker.query.PathLookup.Found;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What is listed without a gap, in columns of the same width.
///
/// @param heading the directory as the user named it; null for none
/// @param entries in order
/// @param names what each of them is called here
public record Section(byte @Nullable [] heading, List<Found> entries, Names names) {
    /// Names entries.
    @FunctionalInterface
    public interface Names {
        /// Never written to.
        byte[] of(Found entry);
    }
}
