package dev.undocker.output.directory;

import dev.undocker.output.Committable;
import dev.undocker.output.Committed;
import dev.undocker.output.FileDestination;
import dev.undocker.output.JointOutput;
import dev.undocker.output.RootfsSink;
import dev.undocker.rootfs.RootfsEntry;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// A tree and files that belong to it.
public final class AccompaniedTree implements RootfsSink {
    private final DirectorySink tree;
    private final JointOutput all;

    /// @param files outside the tree's destination, written already; the sink's from now on. The
    ///   tree takes its name after them: it never stands there without its settings.
    public AccompaniedTree(DirectorySink tree, List<FileDestination> files) {
        this.tree = tree;
        List<Committable> parts = new ArrayList<>(files);
        parts.add(tree);
        all = new JointOutput(parts);
    }

    @Override
    public void accept(RootfsEntry entry) {
        tree.accept(entry);
    }

    @Override
    public void finish() {
        tree.finish();
    }

    @Override
    public Committed commit() throws IOException {
        return all.commit();
    }

    @Override
    public void sync() throws IOException {
        all.sync();
    }

    @Override
    public void close() throws IOException {
        all.close();
    }
}
