package dev.undocker.output.nspawn;

import dev.undocker.output.RootfsSink;
import dev.undocker.output.directory.DirectorySink;
import dev.undocker.rootfs.RootfsEntry;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// A tree and files that belong to it: all of them take their names, or none.
final class MachineSink implements RootfsSink {
    private final DirectorySink tree;
    private final List<MachineFile> files;
    private final ReentrantLock committing = new ReentrantLock();
    private boolean committed;

    /// @param files outside the tree's destination
    MachineSink(DirectorySink tree, List<MachineFile> files) {
        this.tree = tree;
        this.files = List.copyOf(files);
    }

    @Override
    public void accept(RootfsEntry entry) {
        tree.accept(entry);
    }

    @Override
    public void finish() {
        tree.finish();
    }

    /// The tree comes last: a machine never stands there without its settings.
    @Override
    public void commit() throws IOException {
        committing.lock();
        try {
            for (MachineFile file : files) {
                file.commit();
            }
            tree.commit();
            committed = true;
        } finally {
            committing.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        committing.lock();
        try (tree) {
            for (MachineFile file : files) {
                if (!committed) {
                    file.undo();
                }
                file.close();
            }
        } finally {
            committing.unlock();
        }
    }
}
