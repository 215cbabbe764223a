package dev.undocker.output.directory;

import dev.undocker.output.Committable;
import dev.undocker.output.Committed;
import dev.undocker.output.JointOutput;
import dev.undocker.output.NewDirectory;
import dev.undocker.output.RootfsSink;
import dev.undocker.rootfs.RootfsEntry;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// A tree and what belongs to it.
public final class AccompaniedTree implements RootfsSink {
    private final RootfsSink tree;
    private final JointOutput all;

    private AccompaniedTree(RootfsSink tree, JointOutput all) {
        this.tree = tree;
        this.all = all;
    }

    /// @param directory holds the tree; the sink's from now on
    public static AccompaniedTree inside(NewDirectory directory, RootfsSink tree) {
        return new AccompaniedTree(tree, new JointOutput(List.of(tree, directory)));
    }

    /// @param beside files outside the tree's destination, written already, and what else has to be
    ///   committed; the sink's from now on. The tree takes its name after them: it never stands
    ///   there without its settings.
    public static AccompaniedTree with(List<? extends Committable> beside, RootfsSink tree) {
        List<Committable> parts = new ArrayList<>(beside);
        parts.add(tree);
        return new AccompaniedTree(tree, new JointOutput(parts));
    }

    @Override
    public void accept(RootfsEntry entry) throws IOException {
        tree.accept(entry);
    }

    @Override
    public void finish() throws IOException {
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
