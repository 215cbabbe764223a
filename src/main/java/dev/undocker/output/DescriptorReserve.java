package dev.undocker.output;

import dev.undocker.linux.DirectoryHandle;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/// Descriptors that are kept for a removal, which needs one for each level of directories. Who may
/// open no more files can make a tree that he then cannot remove otherwise.
///
/// What is written further down has needed as many itself.
final class DescriptorReserve implements Closeable {
    /// The tree, a directory in it, one in that, and reading the last.
    private static final int LEVELS = 4;

    private static final byte[] ITSELF = {'.'};

    private final Deque<DirectoryHandle> kept = new ArrayDeque<>();

    private DescriptorReserve() {}

    /// @param directory any
    static DescriptorReserve open(DirectoryHandle directory) throws IOException {
        return Handover.of(
                new DescriptorReserve(),
                reserve -> {
                    while (reserve.kept.size() < LEVELS) {
                        reserve.kept.push(directory.openDirectory(ITSELF));
                    }
                    return reserve;
                });
    }

    /// Gives them back; once is enough.
    @Override
    public void close() throws IOException {
        while (!kept.isEmpty()) {
            kept.pop().close();
        }
    }
}
