package dev.undocker.content;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;

/// Bytes that are kept somewhere, on this machine or on another. Thread-safe; each stream is one
/// thread's.
public interface StoredBytes {
    /// How many there should be.
    long size();

    /// All of them, from the first one on. The caller closes the stream. It may end early or go on
    /// after [#size()] bytes where the place does not keep what it promises.
    InputStream open() throws IOException;

    /// True when reading them to the end fails with an [IOException] unless they are what their
    /// digest says. Nobody else needs to compute it then.
    default boolean isSelfVerifying() {
        return false;
    }

    /// Called when reading them has failed. True when that was a damaged copy, which is gone now:
    /// whoever read begins again, and [#open()] gives the bytes from where they come.
    default boolean renew() {
        return false;
    }

    /// True when they are on this machine, so that nothing is fetched to read them.
    default boolean isHere() {
        return inPlace() != null;
    }

    /// Where they lie in a file of this machine; null when they do not. Reading there costs no
    /// copy, at any offset. Of bytes that verify themselves it is known when they were opened.
    default @Nullable FileSlice inPlace() {
        return null;
    }
}
